using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Turns one row as it came into one line of what LOAD DATA reads. Most rows pass here, so its methods are compiled once and for all: the few calls of a small copy would
/// never earn them a second compilation.
/// </summary>
internal static class RowText
{
    /// <summary>First byte of a field that is NULL; larger ones announce a length of two, three or eight bytes (Protocol Basics, "Length-Encoded Integers").</summary>
    public const byte NullField = 251;

    /// <summary>Bytes that a line may need: each byte escaped, each one-byte NULL as \N, and each field with a separator.</summary>
    public static int MaxLength(int row) => (3 * row) + 1;

    /// <summary>Writes a line.</summary>
    /// <param name="row">Length-encoded fields.</param>
    /// <param name="target">Has room for <see cref="MaxLength"/>.</param>
    /// <param name="columns">Fields that the row must have.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="MySqlProtocolException">The row has other fields.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Write(ReadOnlySpan<byte> row, Span<byte> target, int columns)
    {
        int plain = WritePlain(row, target, columns);
        return plain > 0 ? plain : WriteAny(row, target, columns);
    }

    /// <summary>The number of a field's bytes, not NULL; moves to the first of them.</summary>
    public static int ReadLength(ReadOnlySpan<byte> row, ref int offset)
    {
        int prefix = row[offset] switch { < NullField => 0, 252 => 2, 253 => 3, 254 => 8, _ => throw Malformed() };
        if (row.Length - offset <= prefix)
        {
            throw Malformed();
        }

        ulong length = prefix switch
        {
            0 => row[offset],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(row[(offset + 1)..]),
            3 => row[offset + 1] | ((uint)row[offset + 2] << 8) | ((uint)row[offset + 3] << 16),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(row[(offset + 1)..]),
        };
        offset += 1 + prefix;
        return length <= (ulong)(row.Length - offset) ? (int)length : throw Malformed();
    }

    /// <summary>The row is not what the query asked for.</summary>
    public static MySqlProtocolException Malformed() => new("A row of the source does not have the fields that were asked for.");

    /// <summary>
    /// A row of short fields, none NULL and nothing to escape, is as long as its line: it is copied as a whole, less the first length; every other length is the place of a
    /// separator. Lengths may look special (9, 10, 92), so the search comes when they are gone and the separators are not yet there.
    /// </summary>
    /// <returns>Bytes written; 0 when the row is not of this kind.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int WritePlain(ReadOnlySpan<byte> row, Span<byte> target, int columns)
    {
        if (row.Length < 2 || row[0] >= NullField)
        {
            return 0;
        }

        var line = target[..(row.Length - 1)];
        row[1..].CopyTo(line);
        int fields = 1;
        int at = row[0] + 1;
        while ((uint)at < (uint)row.Length)
        {
            byte length = row[at];
            if (length >= NullField)
            {
                return 0;
            }

            line[at - 1] = 0;
            at += length + 1;
            fields++;
        }

        if (at != row.Length || fields != columns || line.IndexOfAny((byte)'\t', (byte)'\n', (byte)'\\') >= 0)
        {
            return 0;
        }

        for (at = row[0] + 1; (uint)at < (uint)row.Length; at += row[at] + 1)
        {
            line[at - 1] = (byte)'\t';
        }

        target[row.Length - 1] = (byte)'\n';
        return row.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int WriteAny(ReadOnlySpan<byte> row, Span<byte> target, int columns)
    {
        int written = 0;
        int offset = 0;
        int column = 0;

        // One search over the whole row instead of one for each field. Lengths may look special, too: then it is searched on from the field.
        int special = FieldEscaper.IndexOfLoadSpecial(row, 0);
        while (offset < row.Length)
        {
            if (column > 0)
            {
                target[written++] = (byte)'\t';
            }

            if (row[offset] == NullField)
            {
                target[written++] = (byte)'\\';
                target[written++] = (byte)'N';
                offset++;
            }
            else
            {
                int length = ReadLength(row, ref offset);
                var field = row.Slice(offset, length);
                if (special < offset)
                {
                    special = FieldEscaper.IndexOfLoadSpecial(row, offset);
                }

                offset += length;
                if (special < offset)
                {
                    written += FieldEscaper.ForLoad(field, target[written..]);
                }
                else
                {
                    field.CopyTo(target[written..]);
                    written += length;
                }
            }

            column++;
        }

        if (column != columns)
        {
            throw Malformed();
        }

        target[written++] = (byte)'\n';
        return written;
    }
}
