namespace DtsMigrate.Engine.Run;

/// <summary>Finished steps of a task in their order, as recorded in <c>dts_migrate.task</c>.</summary>
internal static class RunPhase
{
    public const string Planned = "planned";
    public const string Schema = "schema";
    public const string Objects = "objects";
    public const string Copy = "copy";
    public const string ForeignKeys = "foreignkeys";
    public const string Activated = "activated";

    private static readonly string[] Order = [string.Empty, Planned, Schema, Objects, Copy, ForeignKeys, Activated];

    /// <summary>True when the step is finished.</summary>
    public static bool IsAtLeast(string phase, string step)
    {
        int reached = Array.IndexOf(Order, phase);
        return reached >= 0
            ? reached >= Array.IndexOf(Order, step)
            : throw new MySql.Errors.DtsMigrateException("CheckpointInvalid", $"The destination records the step '{phase}', which this version does not know.")
            {
                RecommendedAction = "Resume the task with the version that wrote it, or a later one.",
            };
    }
}
