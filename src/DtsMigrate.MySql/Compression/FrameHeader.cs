using System.Buffers.Binary;

namespace DtsMigrate.MySql.Compression;

/// <summary>The header of a frame, behind its magic number.</summary>
/// <param name="Window">How far back matches reach, in bytes.</param>
/// <param name="ContentSize">Size of the content; null when the header does not say.</param>
/// <param name="HasChecksum">A checksum of the content ends the frame.</param>
/// <remarks>RFC 8878, section 3.1.1.1.</remarks>
internal readonly record struct FrameHeader(ulong Window, ulong? ContentSize, bool HasChecksum)
{
    private const byte SingleSegment = 0x20;
    private const byte Checksum = 0x04;
    private const byte Reserved = 0x08;
    private const int LeastWindowLog = 10;

    /// <summary>Length of the header, by its first byte.</summary>
    public static int Length(byte descriptor) =>
        1 + ((descriptor & SingleSegment) != 0 ? 0 : 1) + DictionaryIdLength(descriptor) + ContentSizeLength(descriptor);

    /// <summary>Reads a header of the length that its first byte tells.</summary>
    /// <exception cref="ZstandardException">ZstandardMalformed, ZstandardDictionaryMissing.</exception>
    public static FrameHeader Parse(ReadOnlySpan<byte> bytes)
    {
        byte descriptor = bytes[0];
        if ((descriptor & Reserved) != 0)
        {
            throw ZstandardException.Malformed("a frame that uses what is reserved for later versions of the format");
        }

        bytes = bytes[1..];
        ulong window = 0;
        bool single = (descriptor & SingleSegment) != 0;
        if (!single)
        {
            ulong size = 1ul << (LeastWindowLog + (bytes[0] >> 3));
            window = size + (size / 8 * (bytes[0] & 7u));
            bytes = bytes[1..];
        }

        ulong dictionary = LittleEndian(bytes[..DictionaryIdLength(descriptor)]);
        if (dictionary != 0)
        {
            throw new ZstandardException("ZstandardDictionaryMissing", $"Zstandard data made with dictionary {dictionary}, and dictionaries are not supported.");
        }

        bytes = bytes[DictionaryIdLength(descriptor)..];
        ulong? content = bytes.Length switch
        {
            0 => null,
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes) + 256ul,
            _ => LittleEndian(bytes),
        };
        return new FrameHeader(single ? content!.Value : window, content, (descriptor & Checksum) != 0);
    }

    private static int DictionaryIdLength(byte descriptor) => (descriptor & 3) switch { 3 => 4, var length => length };

    private static int ContentSizeLength(byte descriptor) => (descriptor >> 6) switch
    {
        0 => (descriptor & SingleSegment) != 0 ? 1 : 0,
        1 => 2,
        2 => 4,
        _ => 8,
    };

    private static ulong LittleEndian(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }
}
