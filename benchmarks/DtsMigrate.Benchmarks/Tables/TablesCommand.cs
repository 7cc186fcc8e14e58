using System.Globalization;
using DtsMigrate.Benchmarks.Data;
using DtsMigrate.Benchmarks.FullCopy;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Benchmarks.Tables;

/// <summary><c>tables</c>: what the precheck and schema migration of many empty tables take.</summary>
internal sealed class TablesCommand(TablesOptions options, TextWriter output, TextWriter progress)
{
    private const int TablesOfScript = 500;

    /// <summary>Creating many thousand files is the disk's work and not what is looked at.</summary>
    private static readonly Dictionary<string, string?> FastSettings = new()
    {
        ["innodb-flush-log-at-trx-commit"] = "2",
        ["innodb-flush-method"] = "nosync",
        ["sync-binlog"] = "0",
        ["innodb-doublewrite"] = "OFF",
        ["table-definition-cache"] = "4000",
    };

    private readonly List<TablesLine> _lines = [];

    /// <exception cref="Testing.MySqlUnavailableException">There is no MySQL on this machine.</exception>
    /// <exception cref="InvalidOperationException">The engine failed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var worker = new WorkerProgram(options.Worker);
        await using var arena = await Arena.StartAsync(FastSettings, cancellationToken);
        await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"creating {options.Tables} tables"));
        await CreateAsync(arena, cancellationToken);
        var file = Path.Combine(arena.Folder, "tables.json");
        var home = Path.Combine(arena.Folder, "tables.home");
        var task = new MigrationTask
        {
            Name = "tables",
            Source = Side(arena.Source),
            Destination = Side(arena.Destination),
            MigrationTypes = MigrationTypes.Schema,
            Objects = [new DatabaseSelection(DataSet.Database, DataSet.Database, All: true, [])],
        };
        await File.WriteAllTextAsync(file, TaskDefinitionWriter.ToJson(task), cancellationToken);
        await MeasureAsync(arena, worker, "precheck", ["precheck", file, "--home", home], cancellationToken);
        await MeasureAsync(arena, worker, "assessment", ["assess", file, "--home", home], cancellationToken);
        await MeasureAsync(arena, worker, "schema migration, its precheck included", ["run", file, "--home", home, "--json"], cancellationToken);
        await VerifyAsync(arena, cancellationToken);
        var report = new TablesReport(arena.Source.Binaries.Version.ToString(), Environment.ProcessorCount, options.Tables, _lines);
        if (options.Json is { } json)
        {
            await JsonOutput.WriteAsync(json, report, cancellationToken);
        }

        await output.WriteLineAsync(report.Format());
    }

    private async Task MeasureAsync(Arena arena, WorkerProgram worker, string what, string[] arguments, CancellationToken cancellationToken)
    {
        var (source, destination) = (await CountAsync(arena.Source, cancellationToken), await CountAsync(arena.Destination, cancellationToken));
        var started = TimeProvider.System.GetTimestamp();
        var (cpu, peak) = await WatchedProgram.RunAsync(worker.Command.FileName, [.. worker.Command.Prefix, .. arguments], cancellationToken);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var line = new TablesLine(what, seconds, cpu, peak, await CountAsync(arena.Source, cancellationToken) - source, await CountAsync(arena.Destination, cancellationToken) - destination);
        _lines.Add(line);
        await progress.WriteLineAsync($"{what}: {line.Seconds:F1} s, peak {line.PeakMemoryMb:F0} MB, {line.SourceStatements} statements at the source, {line.DestinationStatements} at the destination");
    }

    /// <summary>Eight columns, a secondary index, and a foreign key in every tenth table.</summary>
    private async Task CreateAsync(Arena arena, CancellationToken cancellationToken)
    {
        await arena.Source.RunSqlAsync($"{Sql.Head} {DataSet.CreateDatabase}; CREATE TABLE {DataSet.Database}.parent (id INT PRIMARY KEY)", cancellationToken);
        foreach (var chunk in Enumerable.Range(1, options.Tables - 1).Chunk(TablesOfScript))
        {
            await arena.Source.RunSqlAsync(
                "SET sql_log_bin=0;" + string.Concat(chunk.Select(number => string.Create(
                    CultureInfo.InvariantCulture,
                    $"CREATE TABLE {DataSet.Database}.t{number:D6} (id INT NOT NULL, parent INT, name VARCHAR(100) NOT NULL DEFAULT '', price DECIMAL(10,2), made DATETIME, note TEXT, kind ENUM('a','b'), data JSON, PRIMARY KEY (id), KEY by_name (name){(number % 10 == 0 ? $", CONSTRAINT f{number} FOREIGN KEY (parent) REFERENCES parent (id)" : "")});"))),
                cancellationToken);
        }
    }

    private static async Task VerifyAsync(Arena arena, CancellationToken cancellationToken)
    {
        var question = $"SELECT COUNT(*), SUM(CRC32(CONCAT_WS(',', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE))) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA='{DataSet.Database}'";
        var (expected, found) = (await arena.Source.RunSqlAsync(question, cancellationToken), await arena.Destination.RunSqlAsync(question, cancellationToken));
        if (expected != found)
        {
            throw new InvalidOperationException($"the columns differ; source: {expected}; destination: {found}");
        }
    }

    private static async Task<long> CountAsync(Testing.MySqlServer server, CancellationToken cancellationToken) =>
        long.Parse((await server.RunSqlAsync("SHOW GLOBAL STATUS LIKE 'Questions';", cancellationToken)).Split('\t', '\n')[1], CultureInfo.InvariantCulture);

    private static ConnectionDefinition Side(Testing.MySqlServer server) => new()
    {
        Host = server.Host,
        Port = server.Port,
        User = server.User,
        Password = new PasswordReference { Empty = true },
        Tls = TlsMode.Disabled,
    };
}
