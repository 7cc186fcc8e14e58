using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Full data migration: copies the rows of every table that is not copied yet, chunk by chunk, in parallel.</summary>
public sealed class FullCopier
{
    /// <summary>Creates the copier.</summary>
    /// <param name="context">The run.</param>
    /// <param name="positions">Reads watermarks.</param>
    /// <param name="onTableCopied">Told when a table has become Copied (or Live in a task without incremental migration).</param>
    public FullCopier(RunContext context, SourcePositionReader positions, Action<TableRoute> onTableCopied) =>
        throw new NotImplementedException(context?.ToString() + positions + onTableCopied);

    /// <summary>Copies until all tables are done. Resumes what an earlier run has begun.</summary>
    public Task RunAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) => throw new NotImplementedException();
}
