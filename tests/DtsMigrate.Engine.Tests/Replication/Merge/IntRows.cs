using System.Buffers.Binary;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Tests.Replication.Merge;

/// <summary>Rows events of a table <c>t (id INT PRIMARY KEY, v INT)</c>, or with one more unique column.</summary>
internal static class IntRows
{
    private static readonly BinlogCoordinate At = new("b.1", 4);
    private static readonly BinlogEventHeader Header = new(1, 30, 1, 40, 100, 0);

    private static readonly TableMapEvent Map = NewMap();

    public static TablePlan Plan(int number = 1, params string[] uniques)
    {
        ColumnDefinition[] columns = [Column("id", 0, false), Column("v", 1, true)];
        return new TablePlan(new TableRoute(
            number,
            new TableDefinition
            {
                Name = new QualifiedName("d", "t"),
                Columns = columns,
                UniqueKeys = [new KeyDefinition("PRIMARY", [columns[0]], true, false), .. uniques.Select(u => new KeyDefinition(u, [columns[1]], u != "functional", true))],
                Engine = "InnoDB",
                CreateSql = "",
                Hash = "",
            },
            new QualifiedName("d", "t")));
    }

    public static TableMapEvent NewMap(byte type = BinlogColumnType.Long) => new()
    {
        Header = Header,
        End = At,
        TableId = 1,
        Database = "d",
        Table = "t",
        Columns = [new TableMapColumn { Type = type, Metadata = 0, IsNullable = false }, new TableMapColumn { Type = BinlogColumnType.Long, Metadata = 0, IsNullable = true }],
    };

    public static RowsEvent Insert(int id, int? v) => Event(RowChangeKind.Insert, Image(id, v));

    public static RowsEvent Delete(int id, int? v) => Event(RowChangeKind.Delete, Image(id, v));

    public static RowsEvent Update(int id, int? v, int newId, int? newV) => Event(RowChangeKind.Update, [.. Image(id, v), .. Image(newId, newV)]);

    public static RowsEvent Event(RowChangeKind kind, byte[] rows, TableMapEvent? map = null) => new()
    {
        Header = Header,
        End = At,
        Kind = kind,
        Table = map ?? Map,
        RowsFlags = 0,
        BeforeColumns = kind == RowChangeKind.Insert ? default : new byte[] { 3 },
        AfterColumns = kind == RowChangeKind.Delete ? default : new byte[] { 3 },
        Rows = rows,
    };

    private static byte[] Image(int id, int? v)
    {
        byte[] image = new byte[v is null ? 5 : 9];
        image[0] = (byte)(v is null ? 2 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(1), id);
        if (v is { } value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(5), value);
        }

        return image;
    }

    private static ColumnDefinition Column(string name, int index, bool nullable) =>
        new() { Name = name, Index = index, DataType = "int", ColumnType = "int", IsNullable = nullable, IsGenerated = false };
}
