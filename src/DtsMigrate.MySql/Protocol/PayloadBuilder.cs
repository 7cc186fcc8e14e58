using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DtsMigrate.MySql.Protocol;

/// <summary>Builds a small payload in a pooled buffer. The buffer is wiped when given back: it may have held a password.</summary>
internal sealed class PayloadBuilder : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(512);
    private int _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public PayloadBuilder Byte(byte value)
    {
        Span(1)[0] = value;
        return this;
    }

    public PayloadBuilder UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Span(2), value);
        return this;
    }

    public PayloadBuilder UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Span(4), value);
        return this;
    }

    public PayloadBuilder UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Span(8), value);
        return this;
    }

    public PayloadBuilder Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Span(value.Length));
        return this;
    }

    public PayloadBuilder Zeros(int count)
    {
        Span(count).Clear();
        return this;
    }

    public PayloadBuilder NulText(string value)
    {
        Encoding.UTF8.GetBytes(value, Span(Encoding.UTF8.GetByteCount(value)));
        return Byte(0);
    }

    public PayloadBuilder LenEncInteger(ulong value) => value switch
    {
        < 0xFB => Byte((byte)value),
        <= 0xFFFF => Byte(0xFC).UInt16((ushort)value),
        <= 0xFFFFFF => Byte(0xFD).UInt16((ushort)value).Byte((byte)(value >> 16)),
        _ => Byte(0xFE).UInt64(value),
    };

    public PayloadBuilder LenEncBytes(ReadOnlySpan<byte> value) => LenEncInteger((ulong)value.Length).Bytes(value);

    public PayloadBuilder LenEncText(string value) => LenEncBytes(Encoding.UTF8.GetBytes(value));

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        CryptographicOperations.ZeroMemory(buffer.AsSpan(0, _length));
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Span<byte> Span(int count)
    {
        if (_buffer.Length - _length < count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            CryptographicOperations.ZeroMemory(_buffer.AsSpan(0, _length));
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }
}
