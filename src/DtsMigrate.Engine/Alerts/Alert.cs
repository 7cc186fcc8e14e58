namespace DtsMigrate.Engine.Alerts;

/// <summary>An alert as its receivers get it.</summary>
/// <param name="Task">Task.</param>
/// <param name="Rule">Failure, Lag or FullMigrationTime.</param>
/// <param name="Status">Fired or Cleared.</param>
/// <param name="Message">What happened.</param>
/// <param name="State">State of the task.</param>
/// <param name="LagSeconds">Lag; null while unknown.</param>
/// <param name="RecommendedAction">What to do; null where nothing is known.</param>
/// <param name="Host">Machine of the worker.</param>
/// <param name="At">When.</param>
public sealed record Alert(string Task, string Rule, string Status, string Message, string State, double? LagSeconds, string? RecommendedAction, string Host, DateTimeOffset At);
