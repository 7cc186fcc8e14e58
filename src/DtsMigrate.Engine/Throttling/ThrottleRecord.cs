namespace DtsMigrate.Engine.Throttling;

/// <summary>What <c>throttle.json</c> of a task folder holds: a change made while the definition said something else.</summary>
/// <param name="Defined">Limits of the definition that the task was started with.</param>
/// <param name="Current">Limits that were set since.</param>
internal sealed record ThrottleRecord(ThrottleLimits Defined, ThrottleLimits Current);
