using DtsMigrate.Engine.Replication;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>The row of <c>dts_migrate.applied</c>: where the stream is.</summary>
/// <param name="Current">Position of the running pass: tables that are catching up have everything after their watermark up to here.</param>
/// <param name="High">Position that Live tables have reached; ahead of <paramref name="Current"/> while a pass replays for tables that catch up.</param>
/// <param name="Changes">Row changes applied since the task began.</param>
public sealed record AppliedRecord(SourcePosition Current, SourcePosition High, long Changes);
