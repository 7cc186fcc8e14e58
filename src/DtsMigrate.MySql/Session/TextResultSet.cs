namespace DtsMigrate.MySql.Session;

/// <summary>
/// A streamed result set: rows come from the server as they are read and are never all in memory. Dispose it before the next command
/// on the session; disposing early drains or kills the rest.
/// </summary>
public abstract class TextResultSet : IAsyncDisposable
{
    /// <summary>The columns.</summary>
    public abstract IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>Moves to the next row. Completes synchronously while rows are buffered.</summary>
    /// <returns>False after the last row.</returns>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Moves to the next row if it has been received already: the way to go through many rows without a task for each.</summary>
    /// <returns>False says nothing about the end: go on with <see cref="ReadAsync"/>, which also is where a cancellation is seen.</returns>
    public virtual bool TryReadBuffered() => false;

    /// <summary>Rows behind the current one that have been received: the way to go through many small rows without a call for each. Valid until the next read.</summary>
    /// <returns>Empty when there are none, or when they are not given out.</returns>
    public virtual ReceivedRows PeekReceived() => default;

    /// <summary>Moves behind the rows that were used of <see cref="PeekReceived"/>. There is no current row then, unless none was used.</summary>
    public virtual void SkipReceived(in ReceivedRows used)
    {
    }

    /// <summary>The payload of the current row, as it came: length-encoded fields. Valid until the next read.</summary>
    public abstract ReadOnlySpan<byte> CurrentRow { get; }

    /// <summary>A reader over the fields of the current row.</summary>
    public TextRowReader Fields => new(CurrentRow);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
