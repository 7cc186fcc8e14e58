using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Tables that the task does not create exist on the destination, and rows fit into them.</summary>
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
        foreach (var route in context.Routes!)
        {
            if (!context.Existing.TryGetValue(route.Destination, out var existing))
            {
                if (!context.HasSchema)
                {
                    findings.Add(Finding.Failed(route.Destination.ToString(), $"{route.Destination} does not exist on the destination.", "Create it, or let the task migrate the schema."));
                }

                continue;
            }

            var differences = DestinationTableCheck.FindDifferences(route.Definition, existing);
            if (differences.Count > 0)
            {
                findings.Add(Finding.Failed(route.Destination.ToString(), $"Rows of {route.Source} do not fit into {route.Destination}: {string.Join("; ", differences)}.", "Change the destination's table, or give the object another name there."));
            }
        }

        return Task.FromResult<IReadOnlyList<Finding>>(
            findings.Count > 0 ? findings : [Finding.Passed("destination", "Rows fit into the tables that exist on the destination.")]);
    }
}
