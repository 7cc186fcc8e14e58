using System.Buffers;
using System.Text;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>A multi-row INSERT statement as bytes. Grows to the largest row and is used again and again.</summary>
internal sealed class InsertBuffer : IDisposable
{
    /// <summary>Same length as the verb with IGNORE, so that it can be decided when the rows are known.</summary>
    private const string PlainVerb = "INSERT       ";
    private const string IgnoreVerb = "INSERT IGNORE";
    private const string ReplaceVerb = "REPLACE      ";

    private readonly byte[] _head;
    private readonly bool _replaces;
    private readonly byte[][] _prefixes;
    private readonly byte[][] _suffixes;
    private readonly bool[] _enumColumns;
    private readonly bool[] _expressions;
    private readonly int _rowOverhead;
    private readonly List<int> _rowStarts = [];
    private byte[] _bytes;
    private int _length;

    /// <summary>Creates a buffer for a table.</summary>
    public InsertBuffer(CopyStatements statements, int capacity)
    {
        _replaces = statements.Replaces;
        _head = Encoding.UTF8.GetBytes((_replaces ? ReplaceVerb : PlainVerb) + statements.InsertHead);
        _prefixes = [.. statements.Columns.Select((c, i) => Encoding.ASCII.GetBytes((i == 0 ? "(" : ",") + c.InsertPrefix))];
        _suffixes = [.. statements.Columns.Select(c => Encoding.ASCII.GetBytes(c.InsertSuffix))];
        _enumColumns = statements.EnumColumns;
        _expressions = [.. statements.Columns.Select(c => c.IsExpression)];
        _rowOverhead = _prefixes.Sum(p => p.Length) + _suffixes.Sum(s => s.Length) + (4 * _prefixes.Length) + 2;
        _bytes = ArrayPool<byte>.Shared.Rent(capacity + _head.Length);
        Clear();
    }

    /// <summary>Bytes of the statement so far.</summary>
    public int Length => _length;

    /// <summary>Rows in it.</summary>
    public int Rows => _rowStarts.Count;

    /// <summary>ENUM values of index 0 in it: strict INSERT refuses them.</summary>
    public int EnumZeros { get; private set; }

    /// <summary>Largest size of a row in the statement.</summary>
    public int SizeOf(ReadOnlySpan<byte> row) => checked((FieldEscaper.MaxGrowth * row.Length) + _rowOverhead);

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _head.CopyTo(_bytes, 0);
        _length = _head.Length;
        _rowStarts.Clear();
        EnumZeros = 0;
    }

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<byte> row)
    {
        Ensure(SizeOf(row) + 1);
        if (Rows > 0)
        {
            _bytes[_length++] = (byte)',';
        }

        _rowStarts.Add(_length);
        var fields = new TextRowReader(row);
        for (int i = 0; i < _prefixes.Length; i++)
        {
            if (!fields.ReadField(out var value))
            {
                Append(i == 0 ? "(NULL"u8 : ",NULL"u8);
                continue;
            }

            Append(_prefixes[i]);
            if (_expressions[i])
            {
                Append(value);
            }
            else
            {
                _length += FieldEscaper.ForQuotes(value, _bytes.AsSpan(_length));
            }

            Append(_suffixes[i]);
            EnumZeros += _enumColumns[i] && value is [(byte)'0'] ? 1 : 0;
        }

        _bytes[_length++] = (byte)')';
    }

    /// <summary>The statement.</summary>
    public ReadOnlyMemory<byte> Statement(bool ignore)
    {
        if (!_replaces)
        {
            Encoding.ASCII.GetBytes(ignore ? IgnoreVerb : PlainVerb, _bytes);
        }

        return _bytes.AsMemory(0, _length);
    }

    /// <summary>A statement with one of the rows, as a copy: for finding the row that fails.</summary>
    public byte[] SingleRow(int row)
    {
        int start = _rowStarts[row];
        int end = row + 1 < Rows ? _rowStarts[row + 1] - 1 : _length;
        return [.. _head, .. _bytes.AsSpan(start, end - start)];
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _bytes, []));

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - _length >= more)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(_length + more));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
