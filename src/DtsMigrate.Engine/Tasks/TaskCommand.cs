using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Tasks;

/// <summary>A request to a task's worker: a file in <c>commands/</c>.</summary>
/// <param name="Id">Names the request and its answer.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="At">When it was asked.</param>
/// <param name="Throttle">With <see cref="TaskCommandKind.Throttle"/>: what changes.</param>
public sealed record TaskCommand(string Id, TaskCommandKind Kind, DateTimeOffset At, ThrottleChange? Throttle = null);
