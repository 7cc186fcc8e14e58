using System.Buffers.Binary;
using System.Text;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Benchmarks.Micro;

/// <summary>A rows event as a server writes it: INSERTs into (id INT, total DECIMAL(12,2), created DATETIME, name VARCHAR(255), note CHAR(60) NULL).</summary>
internal static class SampleEvent
{
    private const byte SignFlipped = 0x80;
    private const int NoteColumn = 4;

    /// <summary>The columns as the table map describes them.</summary>
    public static IReadOnlyList<TableMapColumn> Columns { get; } =
    [
        new() { Type = BinlogColumnType.Long, Metadata = 0, IsNullable = false, IsUnsigned = false },
        new() { Type = BinlogColumnType.NewDecimal, Metadata = (12 << 8) | 2, IsNullable = false, IsUnsigned = false },
        new() { Type = BinlogColumnType.DateTime2, Metadata = 0, IsNullable = false },
        new() { Type = BinlogColumnType.VarChar, Metadata = 1_020, IsNullable = false, CollationId = 255 },
        new() { Type = BinlogColumnType.String, Metadata = 240, IsNullable = true, CollationId = 255 },
    ];

    /// <summary>The columns as the definition describes them.</summary>
    public static IReadOnlyList<ColumnDefinition> Definitions { get; } =
    [
        Define("id", 0, "int", "int", charset: null),
        Define("total", 1, "decimal", "decimal(12,2)", charset: null),
        Define("created", 2, "datetime", "datetime", charset: null),
        Define("name", 3, "varchar", "varchar(255)", "utf8mb4"),
        Define("note", NoteColumn, "char", "char(60)", "utf8mb4"),
    ];

    /// <summary>Builds the event.</summary>
    /// <param name="rows">Number of rows; the note of every fourth is NULL.</param>
    public static RowsEvent Create(int rows)
    {
        var bytes = new List<byte>();
        for (var row = 0; row < rows; row++)
        {
            AddRow(bytes, row);
        }

        var header = new BinlogEventHeader(0, 30, 1, (uint)bytes.Count, 0, 0);
        var end = new BinlogCoordinate("binlog.000001", 4);
        return new RowsEvent
        {
            Header = header,
            End = end,
            Kind = RowChangeKind.Insert,
            Table = new TableMapEvent { Header = header, End = end, TableId = 1, Database = "bench", Table = "orders", Columns = Columns },
            RowsFlags = 1,
            BeforeColumns = ReadOnlyMemory<byte>.Empty,
            AfterColumns = new byte[] { 0b11111 },
            Rows = bytes.ToArray(),
        };
    }

    private static void AddRow(List<byte> bytes, int row)
    {
        var hasNote = row % 4 != 0;
        bytes.Add((byte)(hasNote ? 0 : 1 << NoteColumn));

        Span<byte> id = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(id, row);
        bytes.AddRange(id);

        // Ten digits before the point: one in a byte of its own, with the flipped sign bit, and nine in four bytes; two after it in one.
        Span<byte> digits = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(digits, row * 37);
        bytes.Add(SignFlipped);
        bytes.AddRange(digits);
        bytes.Add((byte)(row % 100));

        // Year and month as one number, day, hour, minute, second in 17, 5, 5, 6, 6 bits; the sign bit is flipped.
        var packed = (1L << 39) | ((2026L * 13 + 11) << 22) | (22L << 17) | (12L << 12) | ((long)(row % 60) << 6) | (uint)(row % 60);
        Span<byte> created = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(created, packed);
        bytes.AddRange(created[3..]);

        var name = Encoding.UTF8.GetBytes($"customer's order number {row}");
        bytes.Add((byte)name.Length);
        bytes.Add(0);
        bytes.AddRange(name);
        if (hasNote)
        {
            var note = "leave it with the neighbours, please"u8;
            bytes.Add((byte)note.Length);
            bytes.AddRange(note);
        }
    }

    private static ColumnDefinition Define(string name, int index, string dataType, string columnType, string? charset) => new()
    {
        Name = name,
        Index = index,
        DataType = dataType,
        ColumnType = columnType,
        Charset = charset,
        Collation = charset is null ? null : "utf8mb4_0900_ai_ci",
        IsNullable = index == NoteColumn,
        IsGenerated = false,
    };
}
