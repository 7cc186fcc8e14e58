using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>
/// Turns row changes into statements of a batch. Fuzzy tables get upserts of full images and deletes that may find nothing; exact ones get plain
/// INSERT, UPDATE and DELETE, each of which must find what it expects. Tables without identity key are always exact.
/// </summary>
internal sealed class RowStatementWriter(StatementBatch batch, ServerVersion destination) : IDisposable
{
    private readonly ValueLiteral _literal = new(destination);

    private SqlBuffer Sql => batch.Sql;

    /// <summary>Adds one row change.</summary>
    /// <param name="table">Table.</param>
    /// <param name="rows">Its event.</param>
    /// <param name="row">The row, read from the event.</param>
    /// <param name="fuzzy">Apply as upsert.</param>
    public void Write(TablePlan table, RowsEvent rows, RowsReader row, bool fuzzy)
    {
        bool upsert = fuzzy && table.Key is not null;
        switch (rows.Kind)
        {
            case RowChangeKind.Insert:
                Insert(table, rows.Table, rows.End, row.After, upsert);
                break;
            case RowChangeKind.Delete when table.Key is not null:
                Delete(table, rows.Table, rows.End, row.Before, upsert);
                break;
            case RowChangeKind.Delete:
                DeleteMatch(table, rows, row.Before);
                break;
            case RowChangeKind.Update when upsert:
                if (KeyDiffers(table.Key!, row.Before, row.After))
                {
                    Delete(table, rows.Table, rows.End, row.Before, upsert);
                }

                Insert(table, rows.Table, rows.End, row.After, upsert);
                break;
            default:
                Update(table, rows, row.Before, row.After);
                break;
        }
    }

    /// <summary>Adds an INSERT of a row, or a REPLACE.</summary>
    /// <param name="table">Table.</param>
    /// <param name="map">Table map that the image was read under.</param>
    /// <param name="at">End of the event that made the row.</param>
    /// <param name="image">The row.</param>
    /// <param name="upsert">REPLACE: another row may be there.</param>
    public void Insert(TablePlan table, TableMapEvent map, BinlogCoordinate at, in RowImage image, bool upsert)
    {
        bool lenient = BeginLenient(table, image);
        var shape = upsert ? StatementShape.Replace : StatementShape.Insert;
        batch.BeginRow(table, shape, upsert ? table.ReplaceHead : table.InsertHead, lenient ? default : ","u8);
        int zeroEnums = 0;
        var separator = "("u8;
        foreach (var column in table.Written)
        {
            Sql.Write(separator);
            zeroEnums += _literal.Write(column, map, image, Sql) ? 1 : 0;
            separator = ","u8;
        }

        Sql.Write(")"u8);
        batch.EndRow(zeroEnums, at);
        EndLenient(lenient);
    }

    /// <summary>Adds a DELETE by identity key.</summary>
    /// <param name="table">Table; it has a key.</param>
    /// <param name="map">Table map that the image was read under.</param>
    /// <param name="at">End of the event that removed the row.</param>
    /// <param name="image">The row; its key is read.</param>
    /// <param name="lenient">The row may be gone already.</param>
    public void Delete(TablePlan table, TableMapEvent map, BinlogCoordinate at, in RowImage image, bool lenient)
    {
        var key = table.Key!;
        batch.BeginRow(table, lenient ? StatementShape.DeleteIfThere : StatementShape.Delete, table.DeleteByKeyHead!, table.ComparesKeysApart ? " OR "u8 : ","u8);
        if (table.ComparesKeysApart)
        {
            WriteWhere(table, map, image);
        }
        else if (key.Length == 1)
        {
            _literal.WriteKeyLiteral(key[0], map, image, Sql);
        }
        else
        {
            var separator = "("u8;
            foreach (var column in key)
            {
                Sql.Write(separator);
                _literal.WriteKeyLiteral(column, map, image, Sql);
                separator = ","u8;
            }

            Sql.Write(")"u8);
        }

        batch.EndRow(0, at);
    }

    /// <summary>Names a row for a message: by its key, or the beginning of its content. The batch is of no use afterwards.</summary>
    public string NameRow(TablePlan table, TableMapEvent map, in RowImage image)
    {
        const int Longest = 200;
        int start = Sql.Length;
        WriteWhere(table, map, image);
        var text = Sql.Span[start..];
        return System.Text.Encoding.UTF8.GetString(text[..Math.Min(text.Length, Longest)]);
    }

    public void Dispose() => _literal.Dispose();

    internal static bool KeyDiffers(ColumnPlan[] key, in RowImage before, in RowImage after)
    {
        foreach (var column in key)
        {
            if (!before.GetRaw(column.Index).SequenceEqual(after.GetRaw(column.Index)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasZeroEnum(TablePlan table, in RowImage image)
    {
        foreach (var column in table.Enums)
        {
            if (!image.IsNull(column.Index) && !image.GetRaw(column.Index).ContainsAnyExcept((byte)0))
            {
                return true;
            }
        }

        return false;
    }

    private void Update(TablePlan table, RowsEvent rows, in RowImage before, in RowImage after)
    {
        bool lenient = BeginLenient(table, after);
        batch.BeginRow(table, StatementShape.Update, table.UpdateHead, default);
        int zeroEnums = 0;
        bool first = true;
        foreach (var column in table.Written)
        {
            Sql.Write(first ? default : ","u8);
            Sql.Write(column.QuotedName);
            Sql.Write("="u8);
            zeroEnums += _literal.Write(column, rows.Table, after, Sql) ? 1 : 0;
            first = false;
        }

        Sql.Write(" WHERE "u8);
        batch.NameRowHere();
        WriteWhere(table, rows.Table, before);
        batch.EndRow(zeroEnums, rows.End);
        EndLenient(lenient);
    }

    private void DeleteMatch(TablePlan table, RowsEvent rows, in RowImage before)
    {
        batch.BeginRow(table, StatementShape.DeleteMatch, table.DeleteHead, default);
        WriteWhere(table, rows.Table, before);
        batch.EndRow(0, rows.End);
    }

    private void WriteWhere(TablePlan table, TableMapEvent map, in RowImage before)
    {
        bool first = true;
        foreach (var column in table.Key ?? table.Written)
        {
            Sql.Write(first ? default : " AND "u8);
            if (table.Key is not null)
            {
                _literal.WriteKeyComparison(column, map, before, Sql);
            }
            else
            {
                _literal.WriteExactMatch(column, map, before, Sql);
            }

            first = false;
        }

        if (table.Key is null)
        {
            Sql.Write(" LIMIT 1"u8);
        }
    }

    private bool BeginLenient(TablePlan table, in RowImage image)
    {
        if (!HasZeroEnum(table, image))
        {
            return false;
        }

        // Strict mode refuses ENUM index 0, the value of a row whose member was invalid; without it the server stores it with one warning each.
        batch.AddControl("SET @dts_migrate_mode=@@SESSION.sql_mode,SESSION sql_mode='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'"u8);
        return true;
    }

    private void EndLenient(bool lenient)
    {
        if (lenient)
        {
            batch.AddControl("SET SESSION sql_mode=@dts_migrate_mode"u8);
        }
    }
}
