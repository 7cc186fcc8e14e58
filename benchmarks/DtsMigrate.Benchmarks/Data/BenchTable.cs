namespace DtsMigrate.Benchmarks.Data;

/// <summary>One table of a data set. Its rows have the numbers 1 to <see cref="Rows"/> in the column <c>id</c>.</summary>
/// <param name="Name">Name.</param>
/// <param name="Body">Columns and primary key.</param>
/// <param name="Indexes">Secondary indexes, as CREATE TABLE takes them.</param>
/// <param name="ForeignKeys">Foreign keys, as CREATE TABLE takes them.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Parts">Into how many pieces of equal size the limit's files are cut.</param>
internal sealed record BenchTable(string Name, string Body, IReadOnlyList<string> Indexes, IReadOnlyList<string> ForeignKeys, long Rows, int Parts)
{
    /// <summary>Name with its database.</summary>
    public string FullName => $"{DataSet.Database}.{Name}";

    /// <summary>Creates it with everything.</summary>
    public string Create() => Create([.. Indexes, .. ForeignKeys]);

    /// <summary>Creates it without secondary indexes and foreign keys.</summary>
    public string CreateBare() => Create([]);

    /// <summary>Adds secondary indexes, all in one pass; null when there are none.</summary>
    public string? AddIndexes() => Add(Indexes);

    /// <summary>Adds foreign keys; null when there are none.</summary>
    public string? AddForeignKeys() => Add(ForeignKeys);

    /// <summary>First and last id of a piece.</summary>
    /// <param name="part">From 0.</param>
    public (long First, long Last) Range(int part) => ((Rows * part / Parts) + 1, Rows * (part + 1) / Parts);

    private string Create(IReadOnlyList<string> more) => $"CREATE TABLE {FullName} ({string.Join(", ", [Body, .. more])}) ENGINE=InnoDB";

    private string? Add(IReadOnlyList<string> what) => what.Count == 0 ? null : $"ALTER TABLE {FullName} {string.Join(", ", what.Select(item => "ADD " + item))}";
}
