namespace DtsMigrate.Engine.Tasks;

/// <summary>What <c>worker.json</c> holds: who took the worker lock last.</summary>
/// <param name="Pid">Process.</param>
/// <param name="ProcessStartedAt">When that process started: tells it from a later one with the same number.</param>
/// <param name="Host">Machine.</param>
public sealed record WorkerIdentity(int Pid, DateTimeOffset ProcessStartedAt, string Host);
