using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.FullCopy;

/// <summary>A result set of one row many times over, without allocating.</summary>
/// <param name="row">The row.</param>
/// <param name="count">How often.</param>
/// <param name="received">So many rows come at a time and can be read without asking for more; 1: each must be asked for.</param>
/// <param name="packets">They are given out as packets, too.</param>
internal sealed class RepeatedRow(byte[] row, int count, int received = 1, bool packets = false) : TextResultSet
{
    private readonly byte[] _packets = packets ? Packets(row, 256 + received) : [];
    private int _done;

    public override IReadOnlyList<ResultColumn> Columns => [];

    public override ReadOnlySpan<byte> CurrentRow => row;

    /// <summary>How often more rows were asked for.</summary>
    public int Reads { get; private set; }

    public override bool TryReadBuffered() => _done < count && _done % received != 0 && ++_done > 0;

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Reads++;
        return ValueTask.FromResult(_done++ < count);
    }

    public override ReceivedRows PeekReceived()
    {
        int left = Math.Min(count - _done, (received - (_done % received)) % received);
        int size = 4 + row.Length;
        byte number = (byte)_done;
        return packets ? new ReceivedRows(_packets.AsSpan(number * size, left * size), number) : default;
    }

    public override void SkipReceived(in ReceivedRows used) => _done += used.Count;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static byte[] Packets(byte[] row, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(i => (byte[])[(byte)row.Length, (byte)(row.Length >> 8), 0, (byte)i, .. row])];
}
