using System.Runtime.CompilerServices;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>Rows straight from the read buffer of the session.</summary>
internal sealed class StreamingResultSet : TextResultSet
{
    private readonly CommandRunner _runner;
    private readonly ResponseReader _response;
    private readonly PacketInput _input;
    private bool _onRow;

    // The end of the rows has been read and not yet been told.
    private bool _atEnd;
    private bool _done;

    public StreamingResultSet(CommandRunner runner, ResponseReader response, PacketInput input, bool hasRows)
    {
        _runner = runner;
        _response = response;
        _input = input;
        Columns = response.Columns;
        _done = !hasRows;
    }

    public override IReadOnlyList<ResultColumn> Columns { get; }

    public override ReadOnlySpan<byte> CurrentRow => _onRow ? _input.Payload : throw new InvalidOperationException("There is no current row.");

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _onRow = false;
        if (_done)
        {
            return new ValueTask<bool>(false);
        }

        if (_atEnd)
        {
            return EndAsync(cancellationToken);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ReadSlowAsync(cancellationToken);
        }

        try
        {
            if (!_response.TryReadRow(out bool isRow))
            {
                return ReadSlowAsync(cancellationToken);
            }

            _onRow = isRow;
            return isRow ? new ValueTask<bool>(true) : EndAsync(cancellationToken);
        }
        catch (Exception fault)
        {
            Close(fault);
            throw;
        }
    }

    public override bool TryReadBuffered()
    {
        _onRow = false;
        if (_done || _atEnd)
        {
            return false;
        }

        try
        {
            if (!_response.TryReadRow(out bool isRow))
            {
                return false;
            }

            _onRow = isRow;
            _atEnd = !isRow;
            return isRow;
        }
        catch (Exception fault)
        {
            Close(fault);
            throw;
        }
    }

    public override ReceivedRows PeekReceived() => _done || _atEnd ? default : _input.PeekUnread();

    public override void SkipReceived(in ReceivedRows used)
    {
        if (used.Count > 0)
        {
            _onRow = false;
            _input.SkipUnread(used);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _onRow = false;
        if (!_done)
        {
            await _runner.AbandonAsync(insideRows: !_atEnd).ConfigureAwait(false);
            Close(null);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadSlowAsync(CancellationToken cancellationToken)
    {
        bool isRow;
        try
        {
            isRow = await _runner.ReadRowAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Close(fault);
            throw;
        }

        if (isRow)
        {
            _onRow = true;
            return true;
        }

        return await EndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The rows are over; results of further statements, if any, are read so that the session is free again.</summary>
    private async ValueTask<bool> EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_response.MoreResults)
            {
                await _runner.DrainAsync(cancellationToken).ConfigureAwait(false);
            }

            Close(null);
            return false;
        }
        catch (Exception fault)
        {
            Close(fault);
            throw;
        }
    }

    private void Close(Exception? fault)
    {
        if (!_done)
        {
            _done = true;
            _runner.EndResult(fault);
        }
    }
}
