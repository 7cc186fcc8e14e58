using System.Text;
using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>A selected table compiled for the applier: columns and the constant parts of its statements.</summary>
internal sealed class TablePlan
{
    // USE_SQL_FOREIGN_KEY: the source's SQL layer carries cascades out, and logs what they change.
    private const ushort CascadesLogged = 0x10;

    // NO_FOREIGN_KEY_CHECKS: the session had them off, or the row is itself what a cascade changes.
    private const ushort NoForeignKeyChecks = 0x02;

    private readonly bool _keyIsWritten;

    /// <summary>Compiles a table.</summary>
    /// <param name="route">Table.</param>
    /// <param name="dml">Kinds of row changes that are applied to it.</param>
    public TablePlan(TableRoute route, DmlKinds dml = DmlKinds.All)
    {
        Dml = dml;
        Route = route;
        Written = [.. route.Definition.WrittenColumns.Select(c => new ColumnPlan(c))];
        Key = route.Definition.IdentityKey is { } key ? [.. key.Columns.Select(c => new ColumnPlan(c))] : null;

        _keyIsWritten = Key is not null && route.Definition.IdentityKey!.Columns.All(c => !c.IsGenerated);
        ForeignKeys = CascadeTable.KeysOf(route.Definition);
        string table = route.Destination.ToSql();
        string columns = string.Join(',', Written.Select(c => Encoding.UTF8.GetString(c.QuotedName)));
        ReplaceHead = Encoding.UTF8.GetBytes($"REPLACE INTO {table} ({columns}) VALUES ");
        InsertHead = Encoding.UTF8.GetBytes($"INSERT INTO {table} ({columns}) VALUES ");
        UpdateHead = Encoding.UTF8.GetBytes($"UPDATE {table} SET ");
        Enums = [.. Written.Where(c => c.Kind == LiteralKind.Enum)];
        DeleteHead = Encoding.UTF8.GetBytes($"DELETE FROM {table} WHERE ");
        ComparesKeysApart = Key is { Length: > 1 } && Key.Any(c => c.Definition.DataType is "enum" or "set");

        // A scan, which the optimiser prefers in small tables, would wait for rows that others have locked. Servers before 8.0.20 pass the hint over.
        string hint = Key is null ? string.Empty : $"/*+ INDEX({SqlText.Name(route.Destination.Name)} {SqlText.Name(route.Definition.IdentityKey!.Name)}) */ ";
        DeleteByKeyHead = Key is null ? null : Encoding.UTF8.GetBytes($"DELETE {hint}FROM {table} WHERE {(ComparesKeysApart ? string.Empty : KeyTuple(Key) + " IN ")}(");
    }

    public TableRoute Route { get; }

    /// <summary>Kinds of row changes that are applied.</summary>
    public DmlKinds Dml { get; }

    /// <summary>Some kinds of row changes are left out: the destination's rows are others than the source's.</summary>
    public bool IsSelective => Dml != DmlKinds.All;

    /// <summary>An UPDATE may find nothing: its row's INSERT may have been left out.</summary>
    public bool MayMiss => !Dml.HasFlag(DmlKinds.Insert);

    /// <summary>Foreign keys of the table.</summary>
    public IReadOnlyList<ForeignKeyDefinition> ForeignKeys { get; }

    /// <summary>
    /// A cascading foreign key ties the table to others of the task. Where the source does not log what cascades, the order of their changes matters.
    /// </summary>
    public bool HasCascades { get; set; }

    /// <summary>
    /// Values of its unique keys may be one on the destination that are several on the source. Every change is applied strictly and by itself, so that such values stop the task instead of
    /// overwriting each other.
    /// </summary>
    public bool MayJoinKeys { get; init; }

    /// <summary>The event's changes may be merged with others per key: the table has a key that is written, and no order between tables must be kept, and none is left out.</summary>
    public bool CanMerge(RowsEvent rows) => _keyIsWritten && !IsSelective && !MayJoinKeys && (!HasCascades || (rows.RowsFlags & CascadesLogged) != 0);

    /// <summary>Foreign keys by which this table's changes change rows of others, or its own.</summary>
    public IReadOnlyList<CascadeEdge> Cascades { get; set; } = [];

    /// <summary>Where the source does not log what cascades: the table's rows must be the source's at each place of the log.</summary>
    public bool NeedsExactCopy { get; set; }

    /// <summary>Foreign keys of other tables cascade from this one, whose columns are not known yet.</summary>
    public bool HasUnknownCascades { get; set; }

    /// <summary>Foreign keys, whichever there are, may have changed rows of other tables by the event's changes, which the source has not logged.</summary>
    public static bool MayCascade(RowsEvent rows) => rows.Kind != RowChangeKind.Insert && (rows.RowsFlags & (CascadesLogged | NoForeignKeyChecks)) == 0;

    /// <summary>The table map that was found to fit the table last.</summary>
    public TableMapEvent? FittingMap { get; set; }

    public int Number => Route.Number;

    public QualifiedName Name => Route.Source;

    /// <summary>All columns but generated ones.</summary>
    public ColumnPlan[] Written { get; }

    /// <summary>Columns of the identity key; null when the table has none.</summary>
    public ColumnPlan[]? Key { get; }

    public byte[] ReplaceHead { get; }

    public byte[] InsertHead { get; }

    public byte[] UpdateHead { get; }

    public byte[] DeleteHead { get; }

    /// <summary>
    /// Keys are compared column by column, joined by OR. The server compares the members of a row constructor in a list of several as texts where they are ENUM or SET: their numbers would
    /// find nothing.
    /// </summary>
    public bool ComparesKeysApart { get; }

    /// <summary>Head of a DELETE over a list of keys; null without key.</summary>
    public byte[]? DeleteByKeyHead { get; }

    /// <summary>ENUM columns: their index 0 needs care.</summary>
    public ColumnPlan[] Enums { get; }

    private static string KeyTuple(ColumnPlan[] key)
    {
        using var text = new SqlBuffer();
        for (int i = 0; i < key.Length; i++)
        {
            text.Write(i == 0 ? key.Length > 1 ? "("u8 : default : ","u8);
            ValueLiteral.WriteKeyColumn(key[i], text);
        }

        text.Write(key.Length > 1 ? ")"u8 : default);
        return Encoding.UTF8.GetString(text.Span);
    }
}
