using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>The error that a status at rest stands for.</summary>
internal static class StatusError
{
    /// <summary>The error; null when the task did not end with one.</summary>
    public static DtsMigrateException? From(MigrationStatus status) => status.State switch
    {
        nameof(TaskState.Failed) or nameof(TaskState.PrecheckFailed) => new DtsMigrateException(status.ErrorCode ?? "MigrationFailed", status.Error ?? status.Message)
        {
            Target = status.Name,
            RecommendedAction = status.RecommendedAction,
        },
        nameof(TaskState.Interrupted) => new DtsMigrateException("MigrationInterrupted", status.Message) { Target = status.Name, RecommendedAction = status.RecommendedAction },
        _ => null,
    };
}
