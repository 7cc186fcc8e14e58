using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320), as zlib and the binary log compute it; sixteen bytes per step.</summary>
internal static class Crc32
{
    private const int Slices = 16;

    private static readonly uint[] Table = BuildTable();

    /// <summary>Checksum of the bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Checksum of bytes that follow others.</summary>
    /// <param name="previous">Checksum of the others; 0 when there are none.</param>
    /// <param name="bytes">The bytes.</param>
    public static uint Append(uint previous, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~previous;
        ref uint table = ref MemoryMarshal.GetArrayDataReference(Table);
        while (bytes.Length >= Slices)
        {
            uint a = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            uint b = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            uint c = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            uint d = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
            crc = Word(ref table, 12, a) ^ Word(ref table, 8, b) ^ Word(ref table, 4, c) ^ Word(ref table, 0, d);
            bytes = bytes[Slices..];
        }

        foreach (byte value in bytes)
        {
            crc = (crc >> 8) ^ Table[(byte)(crc ^ value)];
        }

        return ~crc;
    }

    // Table k holds the effect of a byte that k further zero bytes follow. Indices are bytes plus a slice below 16: inside 16 * 256.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ref uint table, int slice, uint word) =>
        Unsafe.Add(ref table, ((slice + 3) << 8) + (int)(byte)word)
        ^ Unsafe.Add(ref table, ((slice + 2) << 8) + (int)(byte)(word >> 8))
        ^ Unsafe.Add(ref table, ((slice + 1) << 8) + (int)(byte)(word >> 16))
        ^ Unsafe.Add(ref table, (slice << 8) + (int)(word >> 24));

    private static uint[] BuildTable()
    {
        uint[] table = new uint[Slices * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }

            table[i] = crc;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint previous = table[i - 256];
            table[i] = (previous >> 8) ^ table[(byte)previous];
        }

        return table;
    }
}
