namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>A table of the torture's schema.</summary>
/// <param name="Name">Name.</param>
/// <param name="Definition">Everything behind the name in CREATE TABLE.</param>
/// <param name="Columns">What the workload writes; generated columns and those with AUTO_INCREMENT are left out.</param>
/// <param name="Filter">A condition that a few rows meet.</param>
internal sealed record TortureTable(string Name, string Definition, IReadOnlyList<TortureColumn> Columns, Func<Random, string> Filter)
{
    /// <summary>Statements before the CREATE, such as session settings.</summary>
    public string? Before { get; init; }

    /// <summary>A row of random values.</summary>
    public string Values(Random random) => $"({string.Join(",", Columns.Select(c => c.Draw(random)))})";

    /// <summary>Names of the written columns.</summary>
    public string Names => string.Join(",", Columns.Select(static c => c.Name));
}
