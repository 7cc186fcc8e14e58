using DtsMigrate.Engine.Precheck;

namespace DtsMigrate.Engine.Assessment;

/// <summary>One item of the assessment. It reads, never writes.</summary>
internal interface IAssessment
{
    /// <summary>Stable code of the item.</summary>
    string Code { get; }

    /// <summary>Judges; nothing found is an empty list.</summary>
    Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken);
}
