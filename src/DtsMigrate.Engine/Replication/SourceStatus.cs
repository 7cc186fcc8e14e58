namespace DtsMigrate.Engine.Replication;

/// <summary>What the source said about itself a moment ago.</summary>
/// <param name="Position">Everything it had executed.</param>
/// <param name="NowMicroseconds">Its clock, microseconds since 1970 UTC.</param>
internal sealed record SourceStatus(SourcePosition Position, long NowMicroseconds);
