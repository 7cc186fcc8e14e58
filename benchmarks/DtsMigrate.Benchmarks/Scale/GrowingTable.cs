using System.Globalization;
using DtsMigrate.Benchmarks.Data;
using DtsMigrate.Benchmarks.FullCopy;

namespace DtsMigrate.Benchmarks.Scale;

/// <summary>One table on the source that grows by loading the same file again and again under other keys, which is the quickest way to many rows.</summary>
internal sealed class GrowingTable
{
    private const int Writers = 2;

    private readonly Arena _arena;
    private readonly BenchTable _seed;
    private readonly BenchTable _table;
    private readonly double _bytesOfRow;
    private readonly string _columns;
    private long _copies;

    private GrowingTable(Arena arena, bool narrow)
    {
        _arena = arena;
        _bytesOfRow = narrow ? NarrowRowBytes : WideRowBytes;
        _columns = narrow ? "v" : "k, c, pad";
        var body = narrow ? "id BIGINT NOT NULL, v INT NOT NULL, PRIMARY KEY (id)" : SysbenchData.Body.Replace("id INT", "id BIGINT", StringComparison.Ordinal);
        _seed = new BenchTable("seed", body, [], [], narrow ? 2_000_000 : 250_000, Parts: 1);
        _table = _seed with { Name = "grown" };
    }

    // As lines of text: digits of the key, other columns, separators.
    private const double WideRowBytes = 197;

    private const double NarrowRowBytes = 17;

    /// <summary>Creates the table, empty, and the file.</summary>
    public static async Task<GrowingTable> CreateAsync(Arena arena, bool narrow, CancellationToken cancellationToken)
    {
        var table = new GrowingTable(arena, narrow);
        var fill = narrow
            ? $"INSERT INTO {table._seed.FullName} {Sql.Numbers(table._seed.Rows)} SELECT n, {new Sql(50_000).Below(1_000_000)} FROM numbers"
            : SysbenchData.Fill(table._seed, 50_000);
        await arena.Source.RunSqlAsync(
            $"{Sql.Head} DROP DATABASE IF EXISTS {DataSet.Database}; {DataSet.CreateDatabase}; {table._seed.Create()}; {fill};"
            + $"SELECT * FROM {table._seed.FullName} INTO OUTFILE '{table.File}'; DROP TABLE {table._seed.FullName}; {table._table.Create()};",
            cancellationToken);
        return table;
    }

    private string File => Path.Combine(_arena.Folder, "seed.tsv");

    /// <summary>Grows it to about so many bytes.</summary>
    public async Task GrowAsync(int gigabytes, CancellationToken cancellationToken)
    {
        var copies = (long)Math.Ceiling(gigabytes * 1e9 / _bytesOfRow / _seed.Rows);
        var missing = Enumerable.Range(0, (int)Math.Max(0, copies - _copies)).Select(n => _copies + n).ToList();
        _copies += missing.Count;

        // Neighbouring ranges of keys for each writer: pages are then filled in order.
        await Task.WhenAll(missing.Chunk(Math.Max(1, (missing.Count + Writers - 1) / Writers)).Select(chunk => _arena.Source.RunSqlAsync(
            "SET sql_log_bin=0, unique_checks=0;" + string.Concat(chunk.Select(copy => string.Create(
                CultureInfo.InvariantCulture,
                $"LOAD DATA INFILE '{File}' INTO TABLE {_table.FullName} CHARACTER SET binary (@id, {_columns}) SET id=@id+{copy * _seed.Rows};"))),
            cancellationToken)));
        await _arena.Source.RunSqlAsync($"SET sql_log_bin=0; ANALYZE TABLE {_table.FullName};", cancellationToken);
    }

    /// <summary>Compares the copy with the source.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var question = $"SELECT COUNT(*) FROM {_table.FullName}; CHECKSUM TABLE {_table.FullName};";
        var (expected, found) = (await _arena.Source.RunSqlAsync(question, cancellationToken), await _arena.Destination.RunSqlAsync(question, cancellationToken));
        if (expected != found)
        {
            throw new InvalidOperationException($"the copy differs; source:\n{expected}\ndestination:\n{found}");
        }
    }
}
