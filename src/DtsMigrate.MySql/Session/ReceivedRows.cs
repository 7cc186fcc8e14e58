using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>Rows in packets that have been received and not yet been read (Protocol Basics, "MySQL Packets"; Protocol::COM_QUERY_Response).</summary>
public ref struct ReceivedRows
{
    /// <summary>First byte of what is no row, or of a row longer than these: an EOF or OK packet, an ERR packet.</summary>
    private const byte FirstEnd = OkPayload.EofHeader;

    private readonly ReadOnlySpan<byte> _packets;
    private byte _number;

    /// <summary>Creates the view.</summary>
    /// <param name="packets">From the header of a packet on; the last one may not be here as a whole.</param>
    /// <param name="number">Number that the first packet should have.</param>
    public ReceivedRows(ReadOnlySpan<byte> packets, byte number)
    {
        _packets = packets;
        _number = number;
    }

    /// <summary>Bytes of the packets gone through, headers included.</summary>
    public int Taken { get; private set; }

    /// <summary>How many they are.</summary>
    public int Count { get; private set; }

    /// <summary>Moves to the next row.</summary>
    /// <param name="longest">Longest row wanted, in bytes; less than 16 MiB.</param>
    /// <param name="row">Length-encoded fields.</param>
    /// <returns>
    /// False when the next packet is not such a row: it is longer, not here as a whole, the end of the rows, an error, or out of turn. That is for the result set to read.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(int longest, out ReadOnlySpan<byte> row)
    {
        var rest = _packets[Taken..];
        if (rest.Length > PacketInput.HeaderLength)
        {
            uint header = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            int length = (int)(header & PacketInput.FullPacket);
            rest = rest[PacketInput.HeaderLength..];
            if (length > 0 && length <= longest && length <= rest.Length && (byte)(header >> 24) == _number && rest[0] < FirstEnd)
            {
                row = rest[..length];
                Taken += PacketInput.HeaderLength + length;
                Count++;
                _number++;
                return true;
            }
        }

        row = default;
        return false;
    }
}
