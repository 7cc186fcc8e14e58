namespace DtsMigrate.Engine.Assessment;

/// <summary>How much a finding of the assessment matters.</summary>
public enum AssessmentSeverity
{
    /// <summary>A fact about what is migrated.</summary>
    Information,

    /// <summary>Works on the destination, and will not for ever or not for every client.</summary>
    Deprecated,

    /// <summary>Is refused by the destination, or means another thing there.</summary>
    Incompatible,
}
