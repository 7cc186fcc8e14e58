namespace DtsMigrate.Engine.Tasks;

/// <summary>What happens when the destination refuses a DDL statement of the source.</summary>
public enum DdlFailurePolicy
{
    /// <summary>The task stops at the statement; the next start tries it again.</summary>
    Stop,

    /// <summary>The statement is left out and the task goes on. Rows that do not fit the destination's table any more stop it then.</summary>
    Skip,

    /// <summary>Tried again for as long as other issues are (retryOtherIssuesMinutes); then as Stop.</summary>
    Retry,
}
