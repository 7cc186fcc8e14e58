using System.Text;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Events.Parsing;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Tests.Binlog;

public sealed class BinlogEventParserTests
{
    private const ushort Ignorable = 0x80;

    private static readonly byte[] IntTypes = [3, 3];

    private readonly BinlogEventParser _parser = Started(4);

    [Fact]
    public void Crc32_is_that_of_zlib()
    {
        Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));
        Assert.Equal(0u, Crc32.Compute([]));
        byte[] bytes = new byte[1000];
        new Random(3).NextBytes(bytes);
        for (int length = 0; length < bytes.Length; length++)
        {
            uint slow = uint.MaxValue;
            foreach (byte value in bytes.AsSpan(0, length))
            {
                slow ^= value;
                for (int bit = 0; bit < 8; bit++)
                {
                    slow = (slow >> 1) ^ ((slow & 1) * 0xEDB88320u);
                }
            }

            Assert.Equal(~slow, Crc32.Compute(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Offset_goes_on_in_64_bits_when_the_log_position_wraps()
    {
        const ulong Near = (3UL << 32) - 10;
        BinlogEventParser parser = Started(Near);
        byte[] stop = EventBytes.Build(EventBytes.Stop, [], end: 9);
        Assert.Equal(Near + 19, parser.Parse(stop).End.Offset);
        Assert.Equal((3UL << 32) + 28, parser.Parse(EventBytes.Build(EventBytes.Stop, [], end: 28)).End.Offset);
    }

    [Fact]
    public void Offset_follows_the_log_over_events_that_were_left_out()
    {
        Assert.Equal(500UL, _parser.Parse(EventBytes.Build(EventBytes.Stop, [], end: 500)).End.Offset);
        Assert.Equal((1UL << 32) + 100, _parser.Parse(EventBytes.Build(EventBytes.Stop, [], end: 100)).End.Offset);
    }

    [Fact]
    public void Artificial_rotate_sets_file_and_offset()
    {
        RotateEvent rotate = Assert.IsType<RotateEvent>(_parser.Parse(EventBytes.RotateTo("binlog.000009", 5_000_000_000)));
        Assert.Equal(new BinlogCoordinate("binlog.000009", 5_000_000_000), rotate.Next);
        Assert.Equal(rotate.Next, rotate.End);
        Assert.Equal(new BinlogCoordinate("binlog.000009", 5_000_000_019), _parser.Parse(EventBytes.Build(EventBytes.Stop, [], end: unchecked((uint)5_000_000_019))).End);
    }

    [Fact]
    public void Heartbeat_moves_forward_and_never_back()
    {
        Assert.Equal(700UL, Assert.IsType<HeartbeatEvent>(_parser.Parse(EventBytes.Build(27, "binlog.000001"u8, end: 700))).End.Offset);
        Assert.Equal(700UL, _parser.Parse(EventBytes.Build(27, "binlog.000001"u8, end: 600)).End.Offset);
        byte[] second = [1, 13, .. Encoding.ASCII.GetBytes("binlog.000001"), 2, 9, 254, 0, 0, 0, 0, 2, 0, 0, 0, 0];
        Assert.Equal(2UL << 32, Assert.IsType<HeartbeatEvent>(_parser.Parse(EventBytes.Build(41, second))).End.Offset);
    }

    [Fact]
    public void Unknown_event_is_an_error_unless_it_is_marked_ignorable()
    {
        Assert.IsType<IgnorableEvent>(_parser.Parse(EventBytes.Build(99, [1, 2, 3], end: 50, flags: Ignorable)));
        MySqlProtocolException error = Assert.Throws<MySqlProtocolException>(() => _parser.Parse(EventBytes.Build(99, [1, 2, 3], end: 90)));
        Assert.Contains("type 99", error.Message, StringComparison.Ordinal);
        Assert.Contains("binlog.000001:50", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsupported_event_is_an_error_even_when_it_is_marked_ignorable()
    {
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(EventBytes.Build(40, [], flags: Ignorable)));
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(EventBytes.Build(39, [], flags: Ignorable)));
    }

    [Fact]
    public void Rows_of_a_table_that_is_not_mapped_are_an_error() =>
        Assert.Contains("table id 5", Assert.Throws<MySqlProtocolException>(() => _parser.Parse(Rows(5))).Message, StringComparison.Ordinal);

    [Fact]
    public void Table_maps_end_with_their_file()
    {
        _parser.Parse(EventBytes.Table(5, IntTypes, []));
        Assert.Equal("t", Assert.IsType<RowsEvent>(_parser.Parse(Rows(5))).Table.Table);
        _parser.Parse(EventBytes.RotateTo("binlog.000002", 4));
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(Rows(5)));
    }

    [Fact]
    public void Repeated_table_map_shares_its_columns_and_a_changed_one_does_not()
    {
        TableMapEvent first = (TableMapEvent)_parser.Parse(EventBytes.Table(5, IntTypes, []));
        TableMapEvent again = (TableMapEvent)_parser.Parse(EventBytes.Table(5, IntTypes, []));
        TableMapEvent changed = (TableMapEvent)_parser.Parse(EventBytes.Table(5, [3, 8], []));
        Assert.Same(first.Columns, again.Columns);
        Assert.Equal(8, changed.Columns[1].Type);
        Assert.Same(changed, ((RowsEvent)_parser.Parse(Rows(5))).Table);
    }

    [Fact]
    public void Dummy_rows_event_ends_a_statement_and_carries_nothing()
    {
        Assert.IsType<IgnorableEvent>(_parser.Parse(EventBytes.Build(EventBytes.WriteRows, [0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0, 2, 0, 1, 0])));
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(EventBytes.Build(EventBytes.WriteRows, [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 2, 0, 1, 0])));
    }

    [Fact]
    public void Rows_of_version_1_have_no_extra_data()
    {
        _parser.Parse(EventBytes.Table(5, IntTypes, []));
        RowsEvent insert = (RowsEvent)_parser.Parse(EventBytes.Build(EventBytes.WriteRowsV1, [5, 0, 0, 0, 0, 0, 1, 0, 2, 3, 2, 7, 0, 0, 0]));
        Assert.Equal((RowChangeKind.Insert, 5), (insert.Kind, insert.Rows.Length));
        RowsEvent update = (RowsEvent)_parser.Parse(EventBytes.Build(EventBytes.UpdateRowsV1, [5, 0, 0, 0, 0, 0, 1, 0, 2, 1, 3, 0, 7, 0, 0, 0, 2, 8, 0, 0, 0]));
        Assert.Equal([1, 3], (byte[])[.. update.BeforeColumns.Span, .. update.AfterColumns.Span]);
    }

    [Fact]
    public void Extra_data_of_rows_is_skipped()
    {
        _parser.Parse(EventBytes.Table(5, IntTypes, []));
        RowsEvent insert = (RowsEvent)_parser.Parse(EventBytes.Build(EventBytes.WriteRows, [5, 0, 0, 0, 0, 0, 1, 0, 5, 0, 1, 9, 9, 2, 3, 2, 7, 0, 0, 0]));
        Assert.Equal([2, 7, 0, 0, 0], insert.Rows.ToArray());
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(EventBytes.Build(EventBytes.WriteRows, [5, 0, 0, 0, 0, 0, 1, 0, 1, 0, 2, 3])));
    }

    [Fact]
    public void Rows_of_another_width_than_the_table_map_are_an_error()
    {
        _parser.Parse(EventBytes.Table(5, IntTypes, []));
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(EventBytes.Build(EventBytes.WriteRows, [5, 0, 0, 0, 0, 0, 1, 0, 2, 0, 3, 7])));
    }

    [Theory]
    [InlineData(new byte[] { 254, 254, 40 }, 254, 40)]
    [InlineData(new byte[] { 254, 0xEE, 0x90 }, 254, 400)] // CHAR of 400 bytes: bits 8 and 9 hidden in the type
    [InlineData(new byte[] { 254, 0xCE, 0xFC }, 254, 1020)]
    [InlineData(new byte[] { 254, 247, 2 }, 247, 2)]
    [InlineData(new byte[] { 254, 248, 8 }, 248, 8)]
    [InlineData(new byte[] { 15, 0x2C, 0x01 }, 15, 300)]
    [InlineData(new byte[] { 16, 1, 1 }, 16, 9)]
    [InlineData(new byte[] { 246, 65, 30 }, 246, (65 << 8) | 30)]
    [InlineData(new byte[] { 19, 6 }, 19, 6)]
    [InlineData(new byte[] { 242, 4 }, 242, 4)]
    public void Type_and_metadata_are_resolved(byte[] typeAndMetadata, byte type, int metadata)
    {
        TableMapColumn column = ((TableMapEvent)_parser.Parse(EventBytes.Table(5, typeAndMetadata[..1], typeAndMetadata[1..]))).Columns[0];
        Assert.Equal((type, metadata), (column.Type, column.Metadata));
    }

    [Theory]
    [InlineData(new byte[] { 20, 3 })] // typed array
    [InlineData(new byte[] { 0 })] // DECIMAL of 4.1
    [InlineData(new byte[] { 200 })]
    [InlineData(new byte[] { 246, 66, 0 })]
    [InlineData(new byte[] { 246, 5, 6 })]
    [InlineData(new byte[] { 19, 7 })]
    [InlineData(new byte[] { 254, 247, 9 })]
    [InlineData(new byte[] { 3, 1 })] // metadata left over
    public void Columns_that_cannot_be_are_errors(byte[] typeAndMetadata) =>
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(EventBytes.Table(5, typeAndMetadata[..1], typeAndMetadata[1..])));

    [Fact]
    public void Unknown_metadata_fields_are_skipped()
    {
        TableMapEvent map = (TableMapEvent)_parser.Parse(EventBytes.Table(5, IntTypes, [], 77, 3, 1, 2, 3, 1, 1, 0x40));
        Assert.Equal([false, true], map.Columns.Select(static c => c.IsUnsigned == true));
    }

    [Fact]
    public void Unknown_status_variable_of_a_query_is_an_error()
    {
        Assert.Equal("x", ((QueryEvent)_parser.Parse(Query([0, 1, 0, 0, 0]))).Sql);
        Assert.Contains("status variable 99", Assert.Throws<MySqlProtocolException>(() => _parser.Parse(Query([99, 0]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_known_status_variable_is_read()
    {
        QuerySessionContext context = ((QueryEvent)_parser.Parse(Query(
        [
            0, 1, 0, 0, 4, 1, 1, 2, 3, 4, 5, 6, 7, 8, 6, 3, (byte)'s', (byte)'t', (byte)'d', 3, 5, 0, 2, 0, 4, 33, 0, 45, 0, 8, 0, 5, 3, (byte)'U', (byte)'T', (byte)'C',
            7, 1, 0, 8, 255, 0, 9, 1, 0, 0, 0, 0, 0, 0, 0, 10, 1, 0, 0, 0, 11, 2, (byte)'m', (byte)'e', 1, (byte)'h', 12, 2, (byte)'a', 0, (byte)'b', 0, 12, 254,
            13, 1, 2, 3, 16, 1, 17, 1, 0, 0, 0, 0, 0, 0, 0, 18, 45, 0, 19, 1, 20, 1, 21, 1,
        ]))).Context;
        Assert.Equal(
            new QuerySessionContext
            {
                Flags2 = 0x04000001,
                SqlMode = 0x0807060504030201,
                AutoIncrement = (5, 2),
                Charsets = (33, 45, 8),
                TimeZone = "UTC",
                DatabaseCollation = 255,
                Invoker = ("me", "h"),
                ExplicitDefaultsForTimestamp = true,
                DefaultUtf8mb4Collation = 45,
                RequirePrimaryKey = true,
            },
            context);
    }

    [Fact]
    public void Incident_keeps_its_message() =>
        Assert.Equal("lost", ((IncidentEvent)_parser.Parse(EventBytes.Build(26, [1, 0, 4, .. "lost"u8]))).Message);

    [Fact]
    public void Gtid_event_of_5_7_has_no_commit_times()
    {
        byte[] body = [1, .. new byte[15], 9, 7, 0, 0, 0, 0, 0, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0];
        GtidEvent gtid = (GtidEvent)_parser.Parse(EventBytes.Build(33, body));
        Assert.Equal("00000000-0000-0000-0000-000000000009:7", gtid.Gtid.ToString());
        Assert.Equal((3L, 4L, 0L, 0UL), (gtid.LastCommitted, gtid.SequenceNumber, gtid.OriginalCommitMicroseconds, gtid.TransactionLength));
        body[17] = 0;
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(EventBytes.Build(33, body)));
        Assert.Null(((GtidEvent)_parser.Parse(EventBytes.Build(34, body))).Gtid);
    }

    [Fact]
    public void Header_length_must_be_that_of_the_event()
    {
        byte[] bytes = EventBytes.Build(EventBytes.Stop, []);
        bytes[9]++;
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(bytes));
        Assert.Throws<MySqlProtocolException>(() => _parser.Parse(bytes.AsSpan(0, 18)));
    }

    private static BinlogEventParser Started(ulong offset)
    {
        BinlogEventParser parser = new(checksum: false);
        parser.SetStart(new BinlogCoordinate("binlog.000001", offset));
        return parser;
    }

    private static byte[] Rows(byte tableId) => EventBytes.Build(EventBytes.WriteRows, [tableId, 0, 0, 0, 0, 0, 1, 0, 2, 0, 2, 3, 3]);

    private static byte[] Query(byte[] variables) =>
        EventBytes.Build(EventBytes.Query, [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, (byte)variables.Length, 0, .. variables, (byte)'d', (byte)'b', 0, (byte)'x']);
}
