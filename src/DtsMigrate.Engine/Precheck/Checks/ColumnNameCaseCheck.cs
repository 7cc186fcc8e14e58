using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Columns are written alike on both sides, capitals included.</summary>
internal sealed class ColumnNameCaseCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ColumnNameCase";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.Existing.Count > 0;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge([.. context.Routes!.Where(r => context.Existing.ContainsKey(r.Destination)).Select(r => (r.Definition, context.Existing[r.Destination]))])]);

    /// <summary>Judges tables and those that they are written to.</summary>
    internal static Finding Judge(IReadOnlyList<(TableDefinition Source, TableDefinition Destination)> pairs)
    {
        string[] names = [.. from pair in pairs
                             from column in pair.Source.Columns
                             from other in pair.Destination.Columns
                             where column.Name != other.Name && column.Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase)
                             select $"{pair.Source.Name}.{column.Name} ({other.Name})"];
        return names.Length == 0
            ? Finding.Passed("destination", "Columns of existing destination tables are written as on the source.")
            : Finding.Warning(names[0], $"Columns differ in capitals only; MySQL takes them for the same, and so does the migration: {Finding.List(names)}.", "Rename them where applications compare names of columns with case.");
    }
}
