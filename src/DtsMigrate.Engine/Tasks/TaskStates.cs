namespace DtsMigrate.Engine.Tasks;

/// <summary>Named questions about states, so that nobody compares ordinals.</summary>
public static class TaskStates
{
    /// <summary>True while a worker must be at work in this state; with a free worker lock the task is Interrupted.</summary>
    public static bool IsActive(this TaskState state) => state is
        TaskState.Prechecking or TaskState.Starting or TaskState.Schema or TaskState.FullCopy or TaskState.CatchingUp or
        TaskState.Replicating or TaskState.Verifying or TaskState.CuttingOver or TaskState.Stopping or TaskState.Retrying;

    /// <summary>True for the stations of the journey, which stay visible as the status's phase when the state is Retrying, Stopped and the like.</summary>
    public static bool IsPhase(this TaskState state) => state is
        TaskState.Prechecking or TaskState.Schema or TaskState.FullCopy or TaskState.CatchingUp or
        TaskState.Replicating or TaskState.Verifying or TaskState.CuttingOver;

    /// <summary>True when nothing will happen until somebody starts the task again.</summary>
    public static bool IsAtRest(this TaskState state) => !state.IsActive();
}
