using System.Buffers;
using System.Text.Json;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>A document as text, together with the types of those nodes whose type the text does not tell.</summary>
public static class TypedJsonText
{
    /// <summary>
    /// Writes an SQL expression that makes the document again, each node with its type. Needs the same session as <see cref="BinlogJson.TryWriteExpression"/>.
    /// </summary>
    /// <param name="text">The document as the server prints it.</param>
    /// <param name="members">Marked members of objects, in the order of path <c>$**.*</c>; a marked document that is a scalar stands here too.</param>
    /// <param name="elements">Marked elements of arrays, in the order of path <c>$**[*]</c>.</param>
    /// <param name="server">The server that is to evaluate the expression.</param>
    /// <param name="output">Where the expression goes, ASCII. When an exception is thrown, a part may have been written.</param>
    /// <exception cref="DtsMigrateException">JsonTypesNotCarried: the marks are not those of this text; JsonValueNotRepresentable: no SQL expression makes a node.</exception>
    public static void WriteExpression(ReadOnlyMemory<byte> text, ReadOnlyMemory<JsonNodeMark> members, ReadOnlyMemory<JsonNodeMark> elements, ServerVersion server, IBufferWriter<byte> output)
    {
        // MySQL allows 100 levels.
        const int MaxDepth = 128;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e)
        {
            throw new DtsMigrateException("JsonTypesNotCarried", $"A JSON document cannot be read: {e.Message}", e);
        }

        using (document)
        {
            new TypedJsonWriter(members, elements, server, output).Write(document.RootElement);
        }
    }
}
