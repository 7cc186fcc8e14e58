using System.Globalization;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.Engine.Schema.StoredObjects;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>What is migrated besides tables, counted by kind, and what of it is not SQL.</summary>
internal sealed class RoutinesItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "Routines";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        var unreadable = context.Objects.Unreadable.Select(u => u.Name.ToString()).ToList();
        return
        [
            .. Judge(objects),
            .. AssessmentFinding.About(AssessmentSeverity.Incompatible, unreadable, "Definitions cannot be read or understood", "See item ObjectDefinitions of the precheck."),
        ];
    }

    /// <summary>Counts objects, and finds dynamic ones.</summary>
    internal static IReadOnlyList<AssessmentFinding> Judge(IReadOnlyList<StoredObject> objects)
    {
        if (objects.Count == 0)
        {
            return [];
        }

        string counts = string.Join(", ", objects.GroupBy(o => o.Kind).OrderBy(g => g.Key).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {g.Key}")));
        string[] dynamic = [.. objects.Where(o => DynamicSqlCheck.FindDynamic(o) is not null).Select(o => o.ToString())];
        return
        [
            new AssessmentFinding(AssessmentSeverity.Information, "source", $"Besides tables there are: {counts}."),
            .. AssessmentFinding.About(AssessmentSeverity.Information, dynamic, "These put statements together at run time, or are not written in SQL: what they name is not seen here", "Test them on the destination."),
        ];
    }
}
