using System.Globalization;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>The fields in front of the payload of a TRANSACTION_PAYLOAD event.</summary>
/// <param name="PayloadSize">Bytes of the payload.</param>
/// <param name="IsCompressed">The payload is Zstandard frames; else it is the events themselves.</param>
/// <param name="ContentSize">Bytes of the events inside.</param>
internal readonly record struct TransactionPayloadFields(ulong PayloadSize, bool IsCompressed, ulong ContentSize)
{
    private const int Zstandard = 0;
    private const int None = 255;

    private enum Field : ulong
    {
        End,
        PayloadSize,
        Compression,
        ContentSize,
    }

    /// <summary>Reads the fields.</summary>
    /// <param name="bytes">Starts with them.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="length">Their length with the end mark.</param>
    /// <returns>False when their end is not among the bytes.</returns>
    /// <exception cref="MySqlProtocolException">A field is malformed, missing, or says something that is not supported.</exception>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out TransactionPayloadFields fields, out int length)
    {
        fields = default;
        length = 0;
        ulong? payload = null, compression = null, content = null;
        while (TryNumber(bytes, ref length, out ulong type))
        {
            if (type == (ulong)Field.End)
            {
                fields = Checked(payload, compression, content);
                return true;
            }

            if (!TryNumber(bytes, ref length, out ulong size) || size > (ulong)(bytes.Length - length))
            {
                return false;
            }

            var value = new EventReader(bytes.Slice(length, (int)size));
            length += (int)size;
            switch ((Field)type)
            {
                case Field.PayloadSize:
                    payload = value.PackedInteger();
                    break;
                case Field.Compression:
                    compression = value.PackedInteger();
                    break;
                case Field.ContentSize:
                    content = value.PackedInteger();
                    break;
                default: // of a later version; the server passes over them, too
                    break;
            }
        }

        return false;
    }

    private static TransactionPayloadFields Checked(ulong? payload, ulong? compression, ulong? content)
    {
        if (payload is null || compression is null || (content is null && compression != None))
        {
            throw new MySqlProtocolException("it does not say the size of its payload or how that is compressed");
        }

        return compression switch
        {
            Zstandard => new TransactionPayloadFields(payload.Value, true, content!.Value),
            None => new TransactionPayloadFields(payload.Value, false, payload.Value),
            _ => throw new MySqlProtocolException(string.Create(CultureInfo.InvariantCulture, $"compression of type {compression} is not known")),
        };
    }

    private static bool TryNumber(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        if (at >= bytes.Length)
        {
            return false;
        }

        int length = bytes[at] switch { 252 => 3, 253 => 4, 254 => 9, _ => 1 };
        if (bytes.Length - at < length)
        {
            return false;
        }

        value = new EventReader(bytes.Slice(at, length)).PackedInteger();
        at += length;
        return true;
    }
}
