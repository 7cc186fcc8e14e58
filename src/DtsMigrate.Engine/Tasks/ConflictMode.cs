namespace DtsMigrate.Engine.Tasks;

/// <summary>What happens when the destination already has a selected table.</summary>
public enum ConflictMode
{
    /// <summary>The precheck fails.</summary>
    PrecheckAndReportErrors,

    /// <summary>Existing rows are kept by full data migration and overwritten by incremental data migration.</summary>
    IgnoreErrorsAndProceed,
}
