using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>
/// Does to the destination's children what InnoDB has done to the source's without logging it: right after the parent's row change, row by row, with the values of its images. Where other
/// tables depend on the child's rows, these are read first, and the same is done for each of them.
/// </summary>
/// <param name="batch">Statements to send.</param>
/// <param name="session">The session that they are sent over.</param>
/// <param name="sendAsync">Sends them.</param>
/// <param name="sendIfDueAsync">Sends them if they are many.</param>
internal sealed class CascadeWriter(StatementBatch batch, MySqlSession session, Func<CancellationToken, Task> sendAsync, Func<CancellationToken, Task> sendIfDueAsync) : IDisposable
{
    private static readonly byte[] Null = [.. "NULL"u8];

    private readonly CascadeLiteral _literal = new(session.ServerVersion);

    /// <summary>Adds what cascades from the reader's row.</summary>
    public async Task WriteAsync(RowsEvent rows, RowsReader row, CascadeScope scope, CancellationToken cancellationToken)
    {
        foreach (var edge in scope.Parent.Cascades)
        {
            if (edge.ActionOf(rows.Kind == RowChangeKind.Delete) != CascadeAction.None && Read(edge, rows, row, scope.Parent) is { HasEffect: true } change)
            {
                await ApplyAsync(edge, change, scope, rows.End, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _literal.Dispose();

    private CascadeChange Read(CascadeEdge edge, RowsEvent rows, RowsReader row, TablePlan parent)
    {
        var columns = edge.ParentColumns;
        byte[]?[] old = new byte[columns.Length][];
        byte[]?[] changed = new byte[columns.Length][];
        bool isDelete = rows.Kind == RowChangeKind.Delete;
        if (!isDelete)
        {
            // The server, too, goes by the bytes: a value that is equal under its collation is a new one.
            bool differs = false;
            for (int i = 0; i < columns.Length; i++)
            {
                changed[i] = row.After.IsPresent(columns[i].Index) ? _literal.Of(columns[i], rows.Table, row.After) ?? Null : null;
                differs |= changed[i] is not null;
            }

            if (!differs)
            {
                return new CascadeChange(false, old, changed);
            }
        }

        for (int i = 0; i < columns.Length; i++)
        {
            if (!row.Before.IsPresent(columns[i].Index))
            {
                throw ReplicationErrors.IncompleteRowImage(parent.Name, columns[i].Definition.Name, rows.End);
            }

            old[i] = _literal.Of(columns[i], rows.Table, row.Before);
            if (changed[i] is { } value && value.AsSpan().SequenceEqual(old[i] ?? Null))
            {
                changed[i] = null;
            }
        }

        return new CascadeChange(isDelete, old, changed);
    }

    private async Task ApplyAsync(CascadeEdge edge, CascadeChange change, CascadeScope scope, BinlogCoordinate at, CancellationToken cancellationToken)
    {
        var action = edge.ActionOf(change.IsDelete);
        bool deletes = change.IsDelete && action == CascadeAction.Cascade;
        byte[]?[] values = deletes ? new byte[edge.ChildColumns.Length][] : action == CascadeAction.SetNull ? [.. edge.ChildColumns.Select(_ => Null)] : change.New;
        var reacting = edge.Child.Cascades.Where(e => Reacts(e, edge, deletes, values)).ToList();
        if (!scope.Applies(edge.Child))
        {
            RequireNoneBelow(edge.Child, reacting, scope);
            return;
        }

        var columns = reacting.SelectMany(e => e.ParentColumns).DistinctBy(c => c.Index).ToArray();
        var found = reacting.Count == 0 ? [] : await ReadAsync(edge, change.Old, columns, cancellationToken).ConfigureAwait(false);
        Write(edge, change.Old, deletes, values, at);
        await sendIfDueAsync(cancellationToken).ConfigureAwait(false);
        foreach (byte[]?[] row in found)
        {
            foreach (var next in reacting)
            {
                byte[]?[] old = [.. next.ParentColumns.Select(c => row[Array.FindIndex(columns, read => read.Index == c.Index)])];
                byte[]?[] changed = [.. next.ParentColumns.Select((c, i) => NewValue(edge, values, c) is { } value && !value.AsSpan().SequenceEqual(old[i] ?? Null) ? value : null)];
                var further = new CascadeChange(deletes, old, changed);
                if (further.HasEffect)
                {
                    await ApplyAsync(next, further, scope, at, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private static void RequireNoneBelow(TablePlan table, List<CascadeEdge> reacting, CascadeScope scope)
    {
        var seen = new HashSet<TablePlan> { table };
        var left = new Stack<TablePlan>(reacting.Select(e => e.Child));
        while (left.TryPop(out var below))
        {
            if (seen.Add(below))
            {
                if (scope.Applies(below))
                {
                    throw scope.Unknown(table, below);
                }

                foreach (var edge in below.Cascades)
                {
                    left.Push(edge.Child);
                }
            }
        }
    }

    private static bool Reacts(CascadeEdge next, CascadeEdge edge, bool deletes, byte[]?[] values) =>
        next.ActionOf(deletes) != CascadeAction.None && (deletes || next.ParentColumns.Any(c => NewValue(edge, values, c) is not null));

    private static byte[]? NewValue(CascadeEdge edge, byte[]?[] values, ColumnPlan column)
    {
        int at = Array.FindIndex(edge.ChildColumns, c => c.Index == column.Index);
        return at < 0 ? null : values[at];
    }

    private async Task<List<byte[]?[]>> ReadAsync(CascadeEdge edge, byte[]?[] old, ColumnPlan[] columns, CancellationToken cancellationToken)
    {
        await sendAsync(cancellationToken).ConfigureAwait(false);
        using var sql = new SqlBuffer();
        sql.Write("SELECT DISTINCT "u8);
        for (int i = 0; i < columns.Length; i++)
        {
            sql.Write(i == 0 ? default : ","u8);
            CascadeLiteral.WriteRead(columns[i], sql);
        }

        sql.Write($" FROM {edge.Child.Route.Destination.ToSql()} WHERE ");
        WriteMatch(edge, old, sql);
        var rows = await session.QueryRowsAsync(System.Text.Encoding.UTF8.GetString(sql.Span), cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => columns.Select((c, i) => row.IsNull(i) ? null : CascadeLiteral.FromRead(c, row.GetString(i))).ToArray())];
    }

    private void Write(CascadeEdge edge, byte[]?[] old, bool deletes, byte[]?[] values, BinlogCoordinate at)
    {
        var child = edge.Child;
        batch.BeginRow(child, StatementShape.Cascade, deletes ? child.DeleteHead : child.UpdateHead, default);
        if (!deletes)
        {
            WriteValues(edge, values);
            batch.Sql.Write(" WHERE "u8);
        }

        batch.NameRowHere();
        WriteMatch(edge, old, batch.Sql);
        batch.EndRow(0, at);
    }

    // A cascade does not touch columns ON UPDATE CURRENT_TIMESTAMP; an UPDATE does, unless it says otherwise.
    private void WriteValues(CascadeEdge edge, byte[]?[] values)
    {
        var separator = ReadOnlySpan<byte>.Empty;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value)
            {
                batch.Sql.Write(separator);
                batch.Sql.Write(edge.ChildColumns[i].QuotedName);
                batch.Sql.Write("="u8);
                batch.Sql.Write(value);
                separator = ","u8;
            }
        }

        foreach (var column in edge.Child.Written.Where(c => c.Definition.DataType is "timestamp" or "datetime" && !edge.ChildColumns.Any(k => k.Index == c.Index)))
        {
            batch.Sql.Write(","u8);
            batch.Sql.Write(column.QuotedName);
            batch.Sql.Write("="u8);
            batch.Sql.Write(column.QuotedName);
        }
    }

    private static void WriteMatch(CascadeEdge edge, byte[]?[] old, SqlBuffer sql)
    {
        for (int i = 0; i < old.Length; i++)
        {
            sql.Write(i == 0 ? default : " AND "u8);
            sql.Write(edge.ChildColumns[i].QuotedName);
            sql.Write("="u8);
            sql.Write(old[i]);
        }
    }
}
