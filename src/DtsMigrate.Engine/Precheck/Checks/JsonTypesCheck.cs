using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Full data migration of JSON columns needs a source that can tell the types inside documents (JSON_TABLE, 8.0.4).</summary>
internal sealed class JsonTypesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "JsonTypes";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.Task.MigrationTypes.HasFlag(Tasks.MigrationTypes.Full);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(context.Source.Session.ServerVersion.IsAtLeast(8, 0, 4), [.. context.Routes!.Select(r => r.Definition)])]);

    /// <summary>The decision, apart from servers.</summary>
    internal static Finding Judge(bool tellsTypes, IReadOnlyList<TableDefinition> tables)
    {
        string[] json = [.. tables.Where(t => t.WrittenColumns.Any(c => c.DataType == "json")).Select(t => t.Name.ToString())];
        return json.Length == 0
            ? Finding.Passed("source", "No selected table has a JSON column.")
            : tellsTypes
                ? Finding.Passed("source", "The source tells the types inside JSON documents.")
                : Finding.Failed(
                    json[0],
                    $"Before 8.0.4 a source does not tell decimals and dates inside JSON documents from numbers and strings: {Finding.List(json)}.",
                    "Upgrade the source to 8.0, or leave these tables out and copy them by other means.");
    }
}
