using System.Buffers;
using DtsMigrate.MySql.Binlog.Events.Parsing;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>
/// Applies the changes of a partial update (binlog_row_value_options=PARTIAL_JSON) to a document. Values that do not change keep their bytes, and with them
/// their types.
/// </summary>
/// <remarks>MySQL source documentation, "Json_diff": operation, path and, unless it removes, a value, each with its length in front.</remarks>
internal static class JsonDiffs
{
    private const byte Replace = 0;
    private const byte Insert = 1;
    private const byte Remove = 2;

    /// <summary>Writes the changed document.</summary>
    /// <param name="document">The document before: type byte, then the value.</param>
    /// <param name="diffs">The changes in their order.</param>
    /// <param name="output">Where the document goes.</param>
    /// <exception cref="MySqlProtocolException">The changes are malformed, or do not fit the document.</exception>
    public static void Apply(ReadOnlyMemory<byte> document, ReadOnlyMemory<byte> diffs, IBufferWriter<byte> output)
    {
        if (diffs.IsEmpty)
        {
            output.Write(document.Span);
            return;
        }

        if (document.IsEmpty)
        {
            throw JsonContainer.Malformed("a partial update of no document");
        }

        var root = JsonElementValue.Read(document.Span[0], document[1..]);
        EventReader reader = new(diffs.Span);
        while (reader.Remaining > 0)
        {
            byte operation = reader.UInt8();
            var path = reader.Bytes(reader.PackedLength("the length of a path"));
            JsonElementValue value = default;
            if (operation != Remove)
            {
                int length = reader.PackedLength("the length of a value");
                var bytes = diffs.Slice(reader.Position, length);
                reader.Skip(length);
                value = length > 0 ? JsonElementValue.Read(bytes.Span[0], bytes[1..]) : throw JsonContainer.Malformed("a partial update without its value");
            }

            if (!TryApply(ref root, operation, JsonPathReader.Read(path), value))
            {
                throw JsonContainer.Malformed($"a partial update (operation {operation}) does not find {System.Text.Encoding.UTF8.GetString(path)}");
            }
        }

        Write(root, output);
    }

    private static bool TryApply(ref JsonElementValue root, byte operation, List<JsonPathLeg> path, JsonElementValue value)
    {
        if (path.Count == 0)
        {
            root = value;
            return operation == Replace;
        }

        // Containers on the way are opened and stay so.
        JsonElements? parent = Opened(ref root);
        for (int i = 0; i < path.Count - 1; i++)
        {
            if (parent is null)
            {
                return false;
            }

            int step = parent.Find(path[i]);
            if (step < 0)
            {
                return false;
            }

            var child = parent[step];
            var grandchild = Opened(ref child);
            parent[step] = child;
            parent = grandchild;
        }

        if (parent is null)
        {
            return false;
        }

        var leg = path[^1];
        int index = parent.Find(leg);
        switch (operation)
        {
            case Insert:
                return parent.TryInsert(leg, value);
            case Replace when index >= 0:
                parent[index] = value;
                return true;
            case Remove when index >= 0:
                parent.RemoveAt(index);
                return true;
            default:
                return false;
        }
    }

    // Null for a scalar.
    private static JsonElements? Opened(ref JsonElementValue value)
    {
        if (value.Elements is null && JsonType.IsContainer(value.Type))
        {
            value = value with { Elements = JsonElements.Open(value.Type, value.Raw) };
        }

        return value.Elements;
    }

    private static void Write(JsonElementValue root, IBufferWriter<byte> output)
    {
        if (root.Elements is not { } elements)
        {
            output.Write([root.Type]);
            output.Write(root.Raw.Span);
            return;
        }

        if (elements.Measure() > int.MaxValue)
        {
            throw JsonContainer.Malformed("a partial update makes a document of more than 2 GiB");
        }

        output.Write([elements.Type]);
        elements.Write(output);
    }
}
