using System.Buffers;
using System.Text;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.FullCopy;

/// <summary>Keeps what is sent. Hands out no more space than asked for, so that a write past it fails.</summary>
internal sealed class MemoryWriter : LocalInfileWriter
{
    private readonly ArrayBufferWriter<byte> _sent = new();
    private byte[] _buffer = new byte[1024];
    private int _length;

    public string Text => Encoding.UTF8.GetString(_sent.WrittenSpan);

    public int MostBuffered { get; private set; }

    public override int Buffered => _length;

    public override Span<byte> GetSpan(int sizeHint)
    {
        if (_buffer.Length - _length < sizeHint)
        {
            Array.Resize(ref _buffer, _length + sizeHint);
        }

        return _buffer.AsSpan(_length, sizeHint);
    }

    public override void Advance(int count)
    {
        _length += count;
        MostBuffered = Math.Max(MostBuffered, _length);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _sent.Write(_buffer.AsSpan(0, _length));
        _length = 0;
        return ValueTask.CompletedTask;
    }
}
