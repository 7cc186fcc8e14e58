namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>A column that the workload writes, and how values of it are drawn.</summary>
/// <param name="Name">Name.</param>
/// <param name="Draw">An SQL expression for a value.</param>
internal sealed record TortureColumn(string Name, Func<Random, string> Draw);
