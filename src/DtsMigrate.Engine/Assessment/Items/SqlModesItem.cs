using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Stored objects with modes that the destination does not have any more.</summary>
internal sealed class SqlModesItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "SqlModes";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        return Judge(objects, context.Destination.Version);
    }

    /// <summary>Judges the modes under which objects were created.</summary>
    internal static IReadOnlyList<AssessmentFinding> Judge(IReadOnlyList<StoredObject> objects, ServerVersion destination)
    {
        string[] names = [.. from item in objects
                             let modes = SqlModes.Parts(item.SqlMode).Where(m => SqlModes.IsRemoved(m, destination)).ToList()
                             where modes.Count > 0
                             select $"{item} ({string.Join(", ", modes)})"];
        return AssessmentFinding.About(AssessmentSeverity.Incompatible, names, "Objects run under sql_mode values that the destination's version does not have any more; they are created without them", "Create them anew on the source without these modes, and test them.");
    }
}
