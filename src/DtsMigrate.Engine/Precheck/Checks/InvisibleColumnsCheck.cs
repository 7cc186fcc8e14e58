using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Invisible columns and generated invisible primary keys stay what they are.</summary>
internal sealed class InvisibleColumnsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "InvisibleColumns";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema || context.HasRows;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge([.. context.Routes!.Select(r => r.Definition)], context.Destination.Version, context.HasSchema)]);

    /// <summary>Judges the invisible columns of tables by what the destination knows of them (8.0.23).</summary>
    internal static Finding Judge(IReadOnlyList<TableDefinition> tables, ServerVersion destination, bool creates)
    {
        string[] names = [.. tables.SelectMany(t => t.Columns.Where(c => c.IsInvisible).Select(c => $"{t.Name}.{c.Name}"))];
        return names.Length == 0
            ? Finding.Passed("source", "No selected table has an invisible column.")
            : creates && !destination.IsAtLeast(8, 0, 23)
                ? Finding.Failed(names[0], $"MySQL {destination.Text} has no invisible columns: these would become visible: {Finding.List(names)}. 8.0.23 is required.", "Upgrade the destination, or make them visible on the source.")
                : Finding.Passed("source", $"{names.Length} invisible columns, generated primary keys among them, are read and written by name: {Finding.List(names)}.");
    }
}
