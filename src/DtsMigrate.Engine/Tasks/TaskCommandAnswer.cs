namespace DtsMigrate.Engine.Tasks;

/// <summary>A worker's answer to a <see cref="TaskCommand"/>.</summary>
/// <param name="Id">Id of the request.</param>
/// <param name="Accepted">The worker does it.</param>
/// <param name="Message">Words for it.</param>
/// <param name="At">When it was answered.</param>
public sealed record TaskCommandAnswer(string Id, bool Accepted, string Message, DateTimeOffset At);
