namespace DtsMigrate.Benchmarks.Data;

/// <summary>What is copied.</summary>
/// <param name="Name">Number or name in the report.</param>
/// <param name="Description">What is in it.</param>
/// <param name="Charset">For LOAD DATA of its files.</param>
/// <param name="Tables">Its tables, parents before children.</param>
/// <param name="FillScripts">Statements that fill the tables, as scripts that may run side by side.</param>
internal sealed record DataSet(string Name, string Description, string Charset, IReadOnlyList<BenchTable> Tables, IReadOnlyList<string> FillScripts)
{
    /// <summary>The database on both sides.</summary>
    public const string Database = "bench";

    /// <summary>Statement that creates the database.</summary>
    public const string CreateDatabase = $"CREATE DATABASE {Database} CHARACTER SET utf8mb4";

    /// <summary>A script that runs before the others.</summary>
    public string First { get; init; } = "";

    /// <summary>Numbers of the known sets.</summary>
    public static IReadOnlyList<int> Numbers { get; } = [1, 2, 3, 4];

    /// <summary>A set by its number.</summary>
    /// <param name="number">One of <see cref="Numbers"/>.</param>
    /// <param name="scale">Its size; 1 is the whole.</param>
    public static DataSet Create(int number, double scale) => number switch
    {
        1 => SysbenchData.Create(tables: 4, Scaled(1_000_000, scale)),
        2 => MixedData.Create(Scaled(1_000_000, scale)),
        3 => BlobData.Create(Scaled(100_000, scale)),
        4 => SmallTablesData.Create((int)Scaled(2_000, scale)),
        _ => throw new ArgumentOutOfRangeException(nameof(number), number, "there is no such data set"),
    };

    private static long Scaled(long whole, double scale) => Math.Max(10, (long)(whole * scale));
}
