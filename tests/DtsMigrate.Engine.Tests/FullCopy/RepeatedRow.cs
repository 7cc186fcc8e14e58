using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.FullCopy;

/// <summary>A result set of one row many times over, without allocating.</summary>
/// <param name="row">The row.</param>
/// <param name="count">How often.</param>
/// <param name="received">So many rows come at a time and can be read without asking for more; 1: each must be asked for.</param>
internal sealed class RepeatedRow(byte[] row, int count, int received = 1) : TextResultSet
{
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

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
