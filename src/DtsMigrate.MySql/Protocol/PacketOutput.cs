using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DtsMigrate.MySql.Protocol;

/// <summary>Frames payloads into packets and writes them through one pooled staging buffer; payloads of 16 MiB - 1 and more are split.</summary>
internal sealed class PacketOutput : IDisposable
{
    private const int HeaderLength = 4;
    private const int StageLength = 256 << 10;

    private readonly Transport _transport;
    private readonly PacketSequence _sequence;
    private byte[] _stage = ArrayPool<byte>.Shared.Rent(16 << 10);
    private int _staged;

    public PacketOutput(Transport transport, PacketSequence sequence)
    {
        _transport = transport;
        _sequence = sequence;
    }

    /// <summary>Starts a new command: the counter goes back to 0.</summary>
    public ValueTask WriteCommandAsync(Command command, ReadOnlyMemory<byte> argument)
    {
        _sequence.Reset();
        return WriteAsync((byte)command, argument);
    }

    /// <summary>Writes one payload as the next packet of the running exchange.</summary>
    public ValueTask WritePayloadAsync(ReadOnlyMemory<byte> payload) => WriteAsync(null, payload);

    /// <summary>Writes bytes that the caller has framed already.</summary>
    public ValueTask WriteFramedAsync(ReadOnlyMemory<byte> packet) => _transport.WriteAsync(packet);

    /// <summary>Writes a packet header in front of a payload of the given length and takes the next number.</summary>
    public void Frame(Span<byte> header, int length) =>
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)length | ((uint)_sequence.Take() << 24));

    public void Dispose()
    {
        byte[] stage = _stage;
        _stage = [];
        if (stage.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(stage);
        }
    }

    private async ValueTask WriteAsync(byte? command, ReadOnlyMemory<byte> rest)
    {
        bool withCommand = command is not null;
        long left = rest.Length + (withCommand ? 1 : 0);
        GrowStage(left);
        int length;
        do
        {
            length = (int)Math.Min(left, PacketInput.FullPacket);
            left -= length;
            await ReserveAsync(HeaderLength + 1).ConfigureAwait(false);
            Frame(_stage.AsSpan(_staged), length);
            _staged += HeaderLength;
            int due = length;
            if (withCommand)
            {
                _stage[_staged++] = command!.Value;
                due--;
                withCommand = false;
            }

            await StageAsync(rest[..due]).ConfigureAwait(false);
            rest = rest[due..];
        }
        while (length == PacketInput.FullPacket);
        await FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask StageAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            await ReserveAsync(1).ConfigureAwait(false);
            int piece = Math.Min(bytes.Length, _stage.Length - _staged);
            bytes.Span[..piece].CopyTo(_stage.AsSpan(_staged));
            _staged += piece;
            bytes = bytes[piece..];
        }
    }

    private ValueTask ReserveAsync(int count) => _stage.Length - _staged >= count ? default : FlushAsync();

    private async ValueTask FlushAsync()
    {
        int staged = _staged;
        _staged = 0;
        try
        {
            await _transport.WriteAsync(_stage.AsMemory(0, staged)).ConfigureAwait(false);
        }
        finally
        {
            // Passwords pass through here during authentication.
            CryptographicOperations.ZeroMemory(_stage.AsSpan(0, Math.Min(staged, 1024)));
        }
    }

    private void GrowStage(long due)
    {
        if (due > _stage.Length && _stage.Length < StageLength)
        {
            ArrayPool<byte>.Shared.Return(_stage);
            _stage = ArrayPool<byte>.Shared.Rent(StageLength);
        }
    }
}
