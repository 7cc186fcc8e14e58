using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Tables that are not InnoDB, and partitions of other engines.</summary>
internal sealed class EnginesItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "Engines";

    /// <inheritdoc/>
    public Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Judge([.. context.Routes!.Select(r => r.Definition)], context.Destination.Version));

    /// <summary>Judges the engines of tables.</summary>
    internal static IReadOnlyList<AssessmentFinding> Judge(IReadOnlyList<TableDefinition> tables, ServerVersion destination)
    {
        var others = tables.Where(t => t.Engine.ToUpperInvariant() is not ("INNODB" or "NDBCLUSTER")).ToList();
        string[] partitioned = [.. others.Where(t => destination.IsAtLeast(8) && t.Options.Contains("partitioned", StringComparison.OrdinalIgnoreCase)).Select(t => $"{t.Name} ({t.Engine})")];
        return
        [
            .. AssessmentFinding.About(AssessmentSeverity.Incompatible, partitioned, "The destination partitions InnoDB tables only", "Change them to InnoDB."),
            .. AssessmentFinding.About(AssessmentSeverity.Deprecated, [.. others.Select(t => $"{t.Name} ({t.Engine})")], "Tables of engines without transactions", "Change them to InnoDB."),
        ];
    }
}
