using System.Buffers.Binary;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.FullCopy;

/// <summary>A result set of given row payloads.</summary>
/// <param name="rows">The rows.</param>
/// <param name="received">So many rows come at a time and are given out as packets, the one behind them in part; 0: each row must be asked for.</param>
internal sealed class FakeRows(IReadOnlyList<byte[]> rows, int received = 0) : TextResultSet
{
    private int _current = -1;
    private bool _skipped;

    public override IReadOnlyList<ResultColumn> Columns => [];

    public override ReadOnlySpan<byte> CurrentRow => _skipped ? throw new InvalidOperationException("There is no current row.") : rows[_current];

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _skipped = false;
        return ValueTask.FromResult(++_current < rows.Count);
    }

    public override bool TryReadBuffered()
    {
        bool isThere = received > 0 && _current + 1 < rows.Count && (_current + 1) % received != 0;
        _current += isThere ? 1 : 0;
        _skipped &= !isThere;
        return isThere;
    }

    public override ReceivedRows PeekReceived()
    {
        using var packets = new MemoryStream();
        int next = _current + 1;
        while (received > 0 && next < rows.Count && next % received != 0)
        {
            Write(packets, next, rows[next]);
            next++;
        }

        if (received > 0 && next < rows.Count)
        {
            Write(packets, next, rows[next][..^1], rows[next].Length);
        }

        return new ReceivedRows(packets.ToArray(), (byte)(_current + 1));
    }

    public override void SkipReceived(in ReceivedRows used)
    {
        _current += used.Count;
        _skipped |= used.Count > 0;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Write(MemoryStream packets, int number, byte[] payload, int? length = null)
    {
        Span<byte> header = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)((length ?? payload.Length) & 0xFFFFFF) | ((uint)(byte)number << 24));
        packets.Write(header);
        packets.Write(payload);
    }
}
