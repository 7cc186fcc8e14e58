using System.Text;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>Values of foreign keys as literals, of one form wherever they come from: the same value gives the same bytes.</summary>
internal sealed class CascadeLiteral(ServerVersion destination) : IDisposable
{
    private readonly ValueLiteral _literal = new(destination);
    private readonly SqlBuffer _text = new();

    /// <summary>Literal of a value of a row image; null for NULL.</summary>
    public byte[]? Of(ColumnPlan column, TableMapEvent map, in RowImage image)
    {
        if (image.IsNull(column.Index))
        {
            return null;
        }

        _text.Clear();
        if (column.Kind == LiteralKind.Binary)
        {
            var raw = image.GetRaw(column.Index);
            _text.Write("x'"u8);
            _text.Write(Encoding.ASCII.GetBytes(Convert.ToHexString(raw)));
            for (int left = ValueLiteral.Padding(map.Columns[column.Index], column, raw); left > 0; left--)
            {
                _text.Write("00"u8);
            }

            _text.Write("'"u8);
        }
        else if (column.Kind == LiteralKind.Text)
        {
            return Text(column, Convert.ToHexString(image.GetRaw(column.Index)));
        }
        else
        {
            _literal.Write(column, map, image, _text);
        }

        return _text.Span.ToArray();
    }

    /// <summary>Writes the expression that reads a column's value for <see cref="FromRead"/>.</summary>
    public static void WriteRead(ColumnPlan column, SqlBuffer sql)
    {
        bool isHex = column.Kind is LiteralKind.Binary or LiteralKind.Text;
        sql.Write(isHex ? "HEX("u8 : default);
        sql.Write(column.QuotedName);
        sql.Write(isHex ? ")"u8 : column.Definition.DataType is "bit" ? "+0"u8 : default);
    }

    /// <summary>Literal of a value that was read.</summary>
    public static byte[] FromRead(ColumnPlan column, string value) => column.Kind switch
    {
        LiteralKind.Binary => Encoding.ASCII.GetBytes($"x'{value}'"),
        LiteralKind.Text => Text(column, value),
        LiteralKind.Temporal => Encoding.ASCII.GetBytes($"'{value}'"),
        _ => Encoding.ASCII.GetBytes(value),
    };

    public void Dispose()
    {
        _literal.Dispose();
        _text.Dispose();
    }

    // utf8mb3 is written as utf8mb4, whose bytes are the same.
    private static byte[] Text(ColumnPlan column, string hex) => [.. column.Introducer, .. Encoding.ASCII.GetBytes($"x'{hex}'")];
}
