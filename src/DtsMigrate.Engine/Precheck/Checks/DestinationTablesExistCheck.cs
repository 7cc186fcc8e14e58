using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>
/// Tables that the task does not create exist on the destination, and rows fit into them. With existing tables kept, one that does not fit is stopped alone: a warning.
/// </summary>
internal sealed class DestinationTablesExistCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "DestinationTablesExist";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => !context.IsResume && (!context.HasSchema || context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        bool proceeds = context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed;
        foreach (var route in context.Routes!)
        {
            if (!context.Existing.TryGetValue(route.Destination, out var existing))
            {
                if (!context.HasSchema)
                {
                    findings.Add(Tell(proceeds, route, $"{route.Destination} does not exist on the destination.", "Create it, or let the task migrate the schema."));
                }

                continue;
            }

            var differences = DestinationTableCheck.FindDifferences(route.Definition, existing);
            if (differences.Count > 0)
            {
                findings.Add(Tell(proceeds, route, $"Rows of {route.Source} do not fit into {route.Destination}: {string.Join("; ", differences)}.", "Change the destination's table, or give the object another name there."));
            }
        }

        return Task.FromResult<IReadOnlyList<Finding>>(
            findings.Count > 0 ? findings : [Finding.Passed("destination", "Rows fit into the tables that exist on the destination.")]);
    }

    private static Finding Tell(bool proceeds, TableRoute route, string words, string remedy) => proceeds
        ? Finding.Warning(route.Destination.ToString(), $"{words} The task goes on without this table: it stays as it is, and later changes of {route.Source} are counted and left out.", remedy)
        : Finding.Failed(route.Destination.ToString(), words, remedy);
}
