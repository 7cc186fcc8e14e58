using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.FullCopy;

/// <summary>A result set of one row many times over, without allocating.</summary>
internal sealed class RepeatedRow(byte[] row, int count) : TextResultSet
{
    private int _left = count;

    public override IReadOnlyList<ResultColumn> Columns => [];

    public override ReadOnlySpan<byte> CurrentRow => row;

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_left-- > 0);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
