namespace DtsMigrate.Engine.Faults;

/// <summary>A wait before another try.</summary>
/// <param name="What">The action.</param>
/// <param name="Attempt">Number of failures so far in this window.</param>
/// <param name="Delay">The wait.</param>
/// <param name="WindowEnds">When it gives up; null when it waits for as long as it takes.</param>
/// <param name="Cause">The failure.</param>
public sealed record RetryAttempt(string What, int Attempt, TimeSpan Delay, DateTimeOffset? WindowEnds, Exception Cause);
