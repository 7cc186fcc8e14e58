namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>A value of a document that is being changed: the bytes that it was read from, or, for a container that changes, its elements.</summary>
/// <param name="Type">Type byte.</param>
/// <param name="Raw">Bytes of the value without the type; not used when there are elements.</param>
/// <param name="Elements">The elements of a container that was opened.</param>
internal readonly record struct JsonElementValue(byte Type, ReadOnlyMemory<byte> Raw, JsonElements? Elements)
{
    /// <summary>Takes a value out of the bytes of its container.</summary>
    /// <param name="type">Type byte.</param>
    /// <param name="bytes">Starts with the value; may run on behind it.</param>
    public static JsonElementValue Read(byte type, ReadOnlyMemory<byte> bytes)
    {
        int length;
        switch (type)
        {
            case <= JsonType.LargeArray:
                length = JsonContainer.SizeOf(type, bytes.Span);
                break;
            case JsonType.String:
                JsonScalar.String(bytes.Span, out length);
                break;
            case JsonType.Opaque:
                JsonScalar.Opaque(bytes.Span, out _, out length);
                break;
            case <= JsonType.Double:
                length = JsonScalar.Take(bytes.Span, JsonScalar.Length(type)).Length;
                break;
            default:
                throw JsonContainer.Malformed($"a value of type {type}");
        }

        return new JsonElementValue(type, bytes[..length], null);
    }

    /// <summary>True when it lies in its entry in the container and takes no bytes elsewhere.</summary>
    public bool IsInlined(bool large) =>
        Elements is null && (Type is JsonType.Literal or JsonType.Int16 or JsonType.UInt16 || (large && Type is JsonType.Int32 or JsonType.UInt32));
}
