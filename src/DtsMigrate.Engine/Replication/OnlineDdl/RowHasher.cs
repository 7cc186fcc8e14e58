using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.OnlineDdl;

/// <summary>
/// Hashes rows of a table, from the binary log and from a SELECT alike: two rows have one hash only if every value is the same, byte for byte. Where the two forms of one value
/// might differ, the hashes differ: a table is then copied again without need, never taken for equal.
/// </summary>
internal sealed class RowHasher : IDisposable
{
    private readonly ColumnPlan[] _columns;
    private readonly int _probeFields;
    private readonly SqlBuffer _row = new();
    private readonly SqlBuffer _value = new();

    /// <summary>Creates the hasher.</summary>
    /// <param name="definition">The table; all of its columns count, generated ones included.</param>
    public RowHasher(TableDefinition definition)
    {
        _columns = [.. definition.Columns.Select(c => new ColumnPlan(c))];
        _probeFields = _columns.Count(c => c.Kind == LiteralKind.Json) * JsonProbe.Fields;
    }

    /// <summary>The query that reads all rows of a table, in a session with NAMES binary and time zone UTC.</summary>
    /// <param name="table">A table with the definition's columns.</param>
    /// <param name="version">Version of the server that is asked.</param>
    public string Select(QualifiedName table, ServerVersion version)
    {
        var doubles = version.HasJsonTable ? ListedDoubles.None : ListedDoubles.Whole;
        return new ProbedQuery([.. _columns.Select(c => (Select(c), c.Kind == LiteralKind.Json ? doubles : default(ListedDoubles?)))], version).Of($" FROM {table.ToSql()}");
    }

    /// <summary>Hashes an image with all columns.</summary>
    /// <param name="image">Image.</param>
    /// <param name="map">Its table map.</param>
    /// <param name="hash">The hash.</param>
    /// <returns>False when a JSON document holds what its text does not tell, such as a DECIMAL or a DATE: then there is no hash.</returns>
    public bool TryHash(in RowImage image, TableMapEvent map, out UInt128 hash)
    {
        hash = default;
        _row.Clear();
        foreach (var column in _columns)
        {
            if (image.IsNull(column.Index))
            {
                _row.Write([0]);
                continue;
            }

            var type = map.Columns[column.Index];
            var raw = image.GetRaw(column.Index);
            switch (column.Kind)
            {
                case LiteralKind.Float or LiteralKind.Double:
                    Write(type.Type == BinlogColumnType.Float ? BinaryPrimitives.ReadSingleLittleEndian(raw) : BinaryPrimitives.ReadDoubleLittleEndian(raw));
                    break;
                case LiteralKind.Text or LiteralKind.Geometry:
                    Write(raw, padding: 0);
                    break;
                case LiteralKind.Binary:
                    Write(raw, ValueLiteral.Padding(type, column, raw));
                    break;
                default:
                    if (column.Kind == LiteralKind.Json && BinlogJson.NeedsExpression(raw))
                    {
                        return false;
                    }

                    _value.Clear();
                    BinlogValueWriter.WriteText(type, column.IsUnsigned, raw, _value);
                    Write(_value.Span, padding: 0);
                    break;
            }
        }

        hash = Finish();
        return true;
    }

    /// <summary>Hashes a row of <see cref="Select(QualifiedName, ServerVersion)"/>.</summary>
    /// <param name="row">Row.</param>
    /// <param name="hash">The hash.</param>
    /// <returns>As for an image.</returns>
    public bool TryHash(TextRowReader row, out UInt128 hash)
    {
        hash = default;
        _row.Clear();
        bool isPlain = true;
        for (int i = 0; i < _probeFields; i++)
        {
            isPlain &= !row.ReadField(out _);
        }

        foreach (var column in _columns)
        {
            if (!row.ReadField(out var value))
            {
                _row.Write([0]);
            }
            else if (column.Kind is LiteralKind.Float or LiteralKind.Double)
            {
                // What is not read whole is not the number: it gets a form that no image has.
                bool isNumber = Utf8Parser.TryParse(value, out double number, out int read) && read == value.Length;
                Write(isNumber ? number : double.NaN);
            }
            else
            {
                Write(value, padding: 0);
            }
        }

        hash = isPlain ? Finish() : default;
        return isPlain;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _row.Dispose();
        _value.Dispose();
    }

    // The text of a number has no leading zeros in the binary log, and six digits of a FLOAT do not tell it.
    private static string Select(ColumnPlan column)
    {
        string name = SqlText.Name(column.Definition.Name);
        return column.Kind switch
        {
            LiteralKind.Float or LiteralKind.Double => $"{name}*1e0",
            LiteralKind.Enum => $"CAST({name} AS UNSIGNED)",
            _ when column.Definition.DataType is "set" or "bit" => $"CAST({name} AS UNSIGNED)",
            _ when column.Definition.ColumnType.Contains("zerofill", StringComparison.OrdinalIgnoreCase) => column.IsInteger ? $"CAST({name} AS UNSIGNED)" : $"{name}+0",
            _ => name,
        };
    }

    private void Write(double number)
    {
        Span<byte> bits = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bits, number);
        Write(bits, padding: 0);
    }

    private void Write(ReadOnlySpan<byte> value, int padding)
    {
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], value.Length + padding);
        _row.Write(head);
        _row.Write(value);
        for (int i = 0; i < padding; i++)
        {
            _row.Write([0]);
        }
    }

    private UInt128 Finish()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_row.Span, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
