using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>No view, routine, trigger or event of the task exists on the destination under its name there, or the task keeps such objects.</summary>
internal sealed class SameNameObjectsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "SameNameObjects";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && !context.IsResume;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false);
        var map = StoredObjectRewriter.Names(context.Selection);
        var reader = await StoredObjectReader.OpenAsync(context.Destination.Session, cancellationToken).ConfigureAwait(false);
        var existing = new HashSet<(StoredObjectKind, QualifiedName)>(new StoredObjectKeyComparer(reader.Names));
        foreach (string database in objects.Select(o => map.Database(o.Name.Database)).Distinct(StringComparer.Ordinal))
        {
            existing.UnionWith((await reader.ListAsync(database, cancellationToken).ConfigureAwait(false)).Select(o => (o.Kind, o.Name)));
        }

        string[] names = [.. objects
            .Select(o => (o.Kind, Name: o.Kind == StoredObjectKind.View ? map.Table(o.Name) : map.Routine(o.Name)))
            .Where(existing.Contains)
            .Select(o => $"{o.Kind} {o.Name}")];
        return
        [
            names.Length == 0
                ? Finding.Passed("destination", "No view, routine, trigger or event of the task exists on the destination.")
                : context.Task.ConflictMode == ConflictMode.PrecheckAndReportErrors
                    ? Finding.Failed(names[0], $"{names.Length} objects exist on the destination: {Finding.List(names)}.", "Drop or rename them, or choose the conflict mode IgnoreErrorsAndProceed.")
                    : Finding.Warning(names[0], $"{names.Length} objects exist on the destination and are kept, whatever they contain: {Finding.List(names)}.", "Make sure that they are what the migrated data needs."),
        ];
    }
}
