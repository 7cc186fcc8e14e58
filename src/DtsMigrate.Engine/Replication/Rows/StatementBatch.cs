using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>
/// Statements that go to the destination in one packet, in event order. Runs of inserts, and runs of deletes by key, of one table become one
/// multi-row statement: inside such a run the order does not matter, or is the order of the rows.
/// </summary>
internal sealed class StatementBatch : IDisposable
{
    // More keys in one IN list would pass the optimizer's memory for ranges (range_optimizer_max_mem_size) and scan the table.
    private const int MostRows = 1000;
    private const int StatementBytes = 512 << 10;

    private readonly List<BatchedStatement> _statements = [];
    private int _openStart;

    public SqlBuffer Sql { get; } = new();

    public IReadOnlyList<BatchedStatement> Statements => _statements;

    public bool IsEmpty => _statements.Count == 0;

    /// <summary>Every row is a statement of its own, so that a result speaks of one row.</summary>
    public bool IsSingly { get; set; }

    /// <summary>Adds a statement that belongs to no table.</summary>
    public void AddControl(ReadOnlySpan<byte> sql)
    {
        Close();
        Sql.Write(sql);
        _statements.Add(new BatchedStatement(null, StatementShape.Control, 0, 0, 0, default));
    }

    /// <summary>Begins a row: continues the open statement when it is of the same kind, else opens one with <paramref name="head"/>.</summary>
    public void BeginRow(TablePlan table, StatementShape shape, ReadOnlySpan<byte> head, ReadOnlySpan<byte> separator)
    {
        if (!separator.IsEmpty && !IsSingly && _statements.Count > 0 && _statements[^1] is var open && open.Table == table && open.Shape == shape
            && open.ZeroEnums == 0 && open.Rows < MostRows && Sql.Length - _openStart < StatementBytes)
        {
            Sql.Write(separator);
            return;
        }

        Close();
        _openStart = Sql.Length;
        Sql.Write(head);
        _statements.Add(new BatchedStatement(table, shape, 0, Sql.Length, 0, default));
    }

    /// <summary>The text that names the open statement's row starts here, for messages.</summary>
    public void NameRowHere() => _statements[^1] = _statements[^1] with { KeyStart = Sql.Length };

    /// <summary>The row's text is written.</summary>
    public void EndRow(int zeroEnums, BinlogCoordinate at)
    {
        var open = _statements[^1];
        _statements[^1] = open with { Rows = open.Rows + 1, ZeroEnums = open.ZeroEnums + zeroEnums, At = at };
    }

    /// <summary>Where the batch stands, to come back to with <see cref="Undo"/>.</summary>
    public (int Length, int Count, BatchedStatement Last, int OpenStart) Mark() =>
        (Sql.Length, _statements.Count, _statements.Count > 0 ? _statements[^1] : default, _openStart);

    /// <summary>Takes back what was added since the mark.</summary>
    public void Undo((int Length, int Count, BatchedStatement Last, int OpenStart) mark)
    {
        Sql.Truncate(mark.Length);
        _statements.RemoveRange(mark.Count, _statements.Count - mark.Count);
        if (mark.Count > 0)
        {
            _statements[^1] = mark.Last;
        }

        _openStart = mark.OpenStart;
    }

    /// <summary>Ends the last statement: the batch can be sent.</summary>
    public void Finish() => CloseList();

    /// <summary>Where the row of a statement is named in the text; for messages.</summary>
    public string DescribeRow(int statement)
    {
        const int Longest = 200;
        var text = Sql.Span[_statements[statement].KeyStart.._statements[statement].KeyEnd];
        return System.Text.Encoding.UTF8.GetString(text[..Math.Min(text.Length, Longest)]);
    }

    /// <summary>Forgets everything that was sent.</summary>
    public void Clear()
    {
        _statements.Clear();
        Sql.Clear();
    }

    public void Dispose() => Sql.Dispose();

    private void Close()
    {
        if (_statements.Count > 0)
        {
            CloseList();
            Sql.Write(";"u8);
        }
    }

    private void CloseList()
    {
        if (_statements.Count > 0 && _statements[^1].Shape is (StatementShape.DeleteIfThere or StatementShape.Delete))
        {
            Sql.Write(")"u8);
        }

        if (_statements.Count > 0)
        {
            _statements[^1] = _statements[^1] with { KeyEnd = Sql.Length };
        }
    }
}
