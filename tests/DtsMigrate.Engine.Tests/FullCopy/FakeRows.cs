using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.FullCopy;

/// <summary>A result set of given row payloads.</summary>
internal sealed class FakeRows(IReadOnlyList<byte[]> rows) : TextResultSet
{
    private int _current = -1;

    public override IReadOnlyList<ResultColumn> Columns => [];

    public override ReadOnlySpan<byte> CurrentRow => rows[_current];

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(++_current < rows.Count);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
