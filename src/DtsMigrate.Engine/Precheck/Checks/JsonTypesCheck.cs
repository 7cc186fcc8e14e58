using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Full data migration asks the source for the types inside JSON documents; without JSON_TABLE (before 8.0.4) that takes it longer.</summary>
internal sealed class JsonTypesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "JsonTypes";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool CanIgnore => false;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.Task.MigrationTypes.HasFlag(Tasks.MigrationTypes.Full);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(context.Source.Version.HasJsonTable, [.. context.Routes!.Select(r => r.Definition)])]);

    /// <summary>The decision, apart from servers.</summary>
    internal static Finding Judge(bool hasJsonTable, IReadOnlyList<TableDefinition> tables)
    {
        string[] json = [.. tables.Where(t => t.WrittenColumns.Any(c => c.DataType == "json")).Select(t => t.Name.ToString())];
        return json.Length == 0
            ? Finding.Passed("source", "No selected table has a JSON column.")
            : hasJsonTable
                ? Finding.Passed("source", "The source tells the types inside JSON documents.")
                : Finding.Warning(
                    json[0],
                    $"Before 8.0.4 a source is asked for the types inside JSON documents node by node. The copy takes it 30 to 60 us a document more, and temporary space of two to three times a chunk's documents, of those of a whole table where it has no key: {Finding.List(json)}.",
                    "Give large tables a key, and see that the source has room for temporary tables.");
    }
}
