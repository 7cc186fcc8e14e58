namespace DtsMigrate.Benchmarks.Tables;

/// <summary>Arguments of <c>tables</c>.</summary>
/// <param name="Tables">Number of tables.</param>
/// <param name="Json">File for all that was measured; null for none.</param>
/// <param name="Worker">The engine's program; null for what was built with this one.</param>
internal sealed record TablesOptions(int Tables = 10_000, string? Json = null, string? Worker = null)
{
    private const int MostTables = 1_000_000;

    /// <exception cref="UsageException">An argument is unknown or out of its range.</exception>
    public static TablesOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new TablesOptions();
        var reader = new ArgumentReader("tables", arguments);
        while (reader.Next() is { } argument)
        {
            options = argument switch
            {
                "--tables" => options with { Tables = reader.Number(1, MostTables) },
                "--json" => options with { Json = reader.Text() },
                "--worker" => options with { Worker = reader.Text() },
                _ => throw reader.Unknown(),
            };
        }

        return options;
    }
}
