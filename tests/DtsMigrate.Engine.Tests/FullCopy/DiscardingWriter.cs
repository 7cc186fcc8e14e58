using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.FullCopy;

/// <summary>Throws away what is sent, without allocating.</summary>
internal sealed class DiscardingWriter : LocalInfileWriter
{
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _length;

    public override int Buffered => _length;

    public override Span<byte> GetSpan(int sizeHint) => _buffer.AsSpan(_length);

    public override void Advance(int count) => _length += count;

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _length = 0;
        return ValueTask.CompletedTask;
    }
}
