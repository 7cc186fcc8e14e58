using System.Buffers;
using System.Buffers.Binary;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Rows that <see cref="TypedRowSplitter"/> has set aside, with each JSON document replaced by the SQL expression that makes it again. For
/// <see cref="CopyStatements.Typed"/>.
/// </summary>
internal sealed class TypedRows : TextResultSet
{
    private readonly IReadOnlyList<byte[]> _rows;
    private readonly CopyStatements _statements;
    private readonly QualifiedName _table;
    private readonly ArrayBufferWriter<byte> _row = new();
    private readonly ArrayBufferWriter<byte> _expression = new();
    private int _next;

    /// <summary>Creates the result set.</summary>
    /// <param name="rows">Payloads of rows, probe fields first.</param>
    /// <param name="statements">Statements that they were read by.</param>
    /// <param name="table">The source's table, for messages.</param>
    public TypedRows(IReadOnlyList<byte[]> rows, CopyStatements statements, QualifiedName table)
    {
        _rows = rows;
        _statements = statements;
        _table = table;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ResultColumn> Columns => [];

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> CurrentRow => _row.WrittenSpan;

    /// <inheritdoc/>
    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_next == _rows.Count)
        {
            return ValueTask.FromResult(false);
        }

        _row.ResetWrittenCount();
        Translate(_rows[_next++]);
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Translate(byte[] row)
    {
        var probes = new TextRowReader(row);
        var values = new TextRowReader(row);
        for (int i = 0; i < _statements.ProbeFields; i++)
        {
            values.ReadField(out _);
        }

        foreach (var column in _statements.Columns)
        {
            ReadOnlySpan<byte> members = default, elements = default;
            bool typed = column.IsProbed && (probes.ReadField(out members) | probes.ReadField(out elements));
            if (!values.ReadField(out var value))
            {
                Append([NullField]);
            }
            else if (!column.IsProbed)
            {
                AppendField(value);
            }
            else
            {
                _expression.ResetWrittenCount();
                WriteDocument(column, value, typed, members, elements);
                AppendField(_expression.WrittenSpan);
            }
        }

        if (!values.AtEnd)
        {
            throw new MySqlProtocolException("A row of the source has more fields than were asked for.");
        }
    }

    private void WriteDocument(CopyColumn column, ReadOnlySpan<byte> value, bool typed, ReadOnlySpan<byte> members, ReadOnlySpan<byte> elements)
    {
        if (!typed)
        {
            _expression.Write("_utf8mb4 0x"u8);
            Convert.TryToHexString(value, _expression.GetSpan(2 * value.Length), out int written);
            _expression.Advance(written);
            return;
        }

        try
        {
            TypedJsonText.WriteExpression(value.ToArray(), Marks(members), Marks(elements), _statements.DestinationVersion, _expression);
        }
        catch (DtsMigrateException e) when (e.Code is "JsonTypesNotCarried" or "JsonValueNotRepresentable")
        {
            throw new DtsMigrateException(e.Code, $"Column {column.Name} of {_table} cannot be copied exactly: {e.Message}", e)
            {
                Target = _table.ToString(),
                RecommendedAction = e.RecommendedAction ?? "Change the document on the source to values that JSON text can hold.",
            };
        }
    }

    private static JsonNodeMark[] Marks(ReadOnlySpan<byte> list) => list.IsEmpty ? [] : JsonProbe.Parse(list);

    private const byte NullField = 251;

    private void AppendField(ReadOnlySpan<byte> value)
    {
        var head = _row.GetSpan(9);
        int length = 9;
        if (value.Length < NullField)
        {
            head[0] = (byte)value.Length;
            length = 1;
        }
        else
        {
            head[0] = 254;
            BinaryPrimitives.WriteUInt64LittleEndian(head[1..], (ulong)value.Length);
        }

        _row.Advance(length);
        Append(value);
    }

    private void Append(ReadOnlySpan<byte> bytes) => _row.Write(bytes);
}
