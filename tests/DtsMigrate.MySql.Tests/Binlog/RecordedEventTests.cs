using System.Buffers;
using System.Text;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Tests.Binlog;

/// <summary>What the parser makes of a real server's files.</summary>
public sealed class RecordedEventTests
{
    private const string Origin = "b1c69496-e663-11f1-8a5a-02fc00000001";

    private static readonly byte[] Unsupported = [14];

    private readonly List<BinlogEvent> _events = Parse(RecordedEvents.FirstFile);

    [Fact]
    public void Format_description_tells_version_and_checksum()
    {
        FormatDescriptionEvent description = Assert.IsType<FormatDescriptionEvent>(_events[0]);
        Assert.Equal("9.7.4-2", description.ServerVersion);
        Assert.True(description.HasChecksum);
        Assert.False(description.FollowsServerStart);
        Assert.Equal(42, description.PostHeaderLengths.Length);
        Assert.Equal(new BinlogCoordinate("binlog.000002", 127), description.End);
    }

    [Fact]
    public void Every_event_ends_where_the_next_begins()
    {
        ulong offset = 4;
        List<BinlogEvent> parsed = [];
        BinlogEventParser parser = new(checksum: true);
        parser.SetStart(new BinlogCoordinate("binlog.000002", 4));
        foreach (byte[] bytes in RecordedEvents.FirstFile.Where(static b => !Unsupported.Contains(b[4])))
        {
            offset = BitConverter.ToUInt32(bytes, 13);
            int before = parsed.Count;
            parser.ParseAll(bytes, parsed.Add);
            Assert.NotEqual(before, parsed.Count);
            Assert.All(parsed.Skip(before), e => Assert.Equal(new BinlogCoordinate("binlog.000002", offset), e.End));
        }
    }

    [Fact]
    public void Gtids_are_read_plain_and_tagged()
    {
        List<GtidEvent> gtids = [.. _events.OfType<GtidEvent>()];
        Assert.Equal($"{Origin}:1", gtids[0].Gtid.ToString());
        Assert.Equal((0, 1), (gtids[0].LastCommitted, gtids[0].SequenceNumber));
        GtidEvent tagged = Assert.Single(gtids, static g => g.Header.Type == 42);
        Assert.Equal($"{Origin}:tag_1:1", tagged.Gtid.ToString());
        Assert.Equal((2, 8), (tagged.LastCommitted, tagged.SequenceNumber));
        Assert.All(gtids, static g => Assert.Equal(g.ImmediateCommitMicroseconds, g.OriginalCommitMicroseconds));
        Assert.All(gtids, static g => Assert.InRange(g.ImmediateCommitMicroseconds / 1_000_000, g.Header.Timestamp - 5L, g.Header.Timestamp + 5L));
        Assert.All(gtids, static g => Assert.InRange(g.TransactionLength, 100UL, 2000UL));
    }

    [Fact]
    public void Transaction_length_spans_the_transaction()
    {
        int first = _events.FindIndex(static e => e is GtidEvent { Header.Type: 42 });
        int last = _events.FindIndex(first, static e => e is XidEvent);
        Assert.Equal(((GtidEvent)_events[first]).TransactionLength, (ulong)_events[first..(last + 1)].Sum(static e => (long)e.Header.Length));
    }

    [Fact]
    public void Rotate_event_moves_position_to_next_file()
    {
        RotateEvent rotate = Assert.IsType<RotateEvent>(_events[^1]);
        Assert.Equal(new BinlogCoordinate("binlog.000003", 4), rotate.Next);
        BinlogEventParser parser = new(checksum: true);
        foreach (byte[] bytes in RecordedEvents.FirstFile.Where(static b => !Unsupported.Contains(b[4])).Concat(RecordedEvents.SecondFile))
        {
            parser.ParseAll(bytes, static _ => { });
        }

        Assert.Equal("binlog.000003", parser.Parse(EventBytes.Build(EventBytes.Stop, [], end: 9999, checksum: true)).End.File);
    }

    [Fact]
    public void Previous_gtids_are_read_with_their_tags()
    {
        PreviousGtidsEvent previous = Assert.IsType<PreviousGtidsEvent>(Parse(RecordedEvents.SecondFile)[1]);
        Assert.Equal($"{Origin}:1-15:tag_1:1", previous.Gtids.ToString());
        Assert.Equal(RecordedEvents.SecondFile[1][19..^4], previous.Gtids.ToBinary());
        Assert.True(Assert.IsType<PreviousGtidsEvent>(_events[1]).Gtids.IsEmpty);
    }

    [Fact]
    public void Full_metadata_gives_names_signedness_collations_and_visibility()
    {
        TableMapEvent map = _events.OfType<TableMapEvent>().First();
        Assert.Equal("rec.t", $"{map.Database}.{map.Table}");
        Assert.Equal("id big y u d f dbl dt tm ts c b v e s bt j bl g h", string.Join(' ', map.Columns.Select(static c => c.Name)));
        Assert.Equal("id y u", string.Join(' ', map.Columns.Where(static c => c.IsUnsigned == true).Select(static c => c.Name)));
        Assert.Equal("h", string.Join(' ', map.Columns.Where(static c => c.IsVisible == false).Select(static c => c.Name)));
        Assert.Equal("c=8 b=63 v=255 e=255 s=8 bl=63", string.Join(' ', map.Columns.Where(static c => c.CollationId is not null).Select(static c => $"{c.Name}={c.CollationId}")));
        Assert.False(map.Columns[0].IsNullable);
        Assert.True(map.Columns[1].IsNullable);
        Assert.Equal((BinlogColumnType.NewDecimal, (20 << 8) | 6), (map.Columns[4].Type, map.Columns[4].Metadata));
        Assert.Equal((BinlogColumnType.Bit, 9), (map.Columns[15].Type, map.Columns[15].Metadata));
    }

    [Fact]
    public void Minimal_metadata_gives_signedness_and_collations_only()
    {
        TableMapEvent map = _events.OfType<TableMapEvent>().ElementAt(1);
        Assert.All(map.Columns, static c => Assert.Null(c.Name));
        Assert.Equal([0, 2, 3], Enumerable.Range(0, map.Columns.Count).Where(i => map.Columns[i].IsUnsigned == true));
        Assert.Equal([8, 63, 255], new[] { 10, 11, 12 }.Select(i => map.Columns[i].CollationId ?? 0));
        Assert.Null(map.Columns[13].CollationId);
    }

    [Fact]
    public void Values_have_their_exact_text()
    {
        RowsEvent insert = _events.OfType<RowsEvent>().First();
        Assert.Equal(RowChangeKind.Insert, insert.Kind);
        List<string?[]> rows = Rows(insert, static reader => reader.After);
        Assert.Equal(2, rows.Count);
        Assert.Equal(
            "1|-5|2024|255|-1234567.000001|0.10000000149011612e0|-1.5e300|2024-00-00 01:02:03.456|-838:59:58.000001|2024-01-02 03:04:05.67|ab|\u0001\0\0\0|ä€😀|2|5|257|"
            + """{"k": [1, 2.5, "x", null, true, 70000], "long key": {"a": -1}}|""" + "\0\uFFFD",
            string.Join('|', rows[0][..18]));
        Assert.Equal("7", rows[0][19]);
        Assert.Equal("2", rows[1][0]);
        Assert.All(rows[1][1..], Assert.Null);
    }

    [Fact]
    public void Row_images_hold_the_columns_that_their_bitmaps_name()
    {
        List<RowsEvent> rows = [.. _events.OfType<RowsEvent>()];
        Assert.Equal((20, 20), Present(rows[1])); // FULL
        Assert.Equal((1, 1), Present(rows[2])); // MINIMAL: key before, changed column after
        Assert.Equal((1, 0), Present(rows[3])); // MINIMAL DELETE: the key
        Assert.Equal((19, 19), Present(rows[4])); // NOBLOB: all but the BLOB
        Assert.Equal(["2"], Rows(rows[3], static reader => reader.Before)[0].Where(static v => v is not null));
    }

    [Fact]
    public void Insert_of_defaults_alone_under_minimal_image_is_one_row_without_columns()
    {
        RowsEvent insert = Assert.Single(_events.OfType<RowsEvent>(), static r => r.Table.Table == "nk");
        RowsReader reader = new();
        reader.Reset(insert);
        Assert.True(reader.Read());
        Assert.False(reader.After.IsPresent(0) || reader.After.IsPresent(1));
        Assert.False(reader.Read());
    }

    [Fact]
    public void Query_event_keeps_its_session()
    {
        QueryEvent view = Assert.Single(_events.OfType<QueryEvent>(), static q => q.Sql.Contains("VIEW", StringComparison.Ordinal));
        Assert.Equal("rec", view.Database);
        Assert.Equal(0x04000000u, view.Context.Flags2 & 0x04000000u);
        Assert.Equal(4UL, view.Context.SqlMode!.Value & 4); // ANSI_QUOTES
        Assert.Equal((8, 8, 255), ((int)view.Context.Charsets!.Value.Client, (int)view.Context.Charsets.Value.Connection, (int)view.Context.Charsets.Value.Server));
        Assert.Equal("+00:00", _events.OfType<QueryEvent>().First(static q => q.Context.TimeZone is not null).Context.TimeZone);
        Assert.Equal((ushort)255, _events.OfType<QueryEvent>().First(static q => q.Context.DefaultUtf8mb4Collation is not null).Context.DefaultUtf8mb4Collation);
    }

    [Fact]
    public void Xa_prepare_and_rows_query_are_read()
    {
        XaPrepareEvent xa = Assert.Single(_events.OfType<XaPrepareEvent>());
        Assert.Equal(("X'786131',X'6272616e6368',7", false), (xa.Xid, xa.OnePhase));
        Assert.Contains(_events.OfType<RowsQueryEvent>(), static q => q.Sql == "DELETE FROM t WHERE id = 2");
    }

    [Fact]
    public void Partial_update_has_the_whole_document_after_it()
    {
        RowsEvent partial = Assert.Single(_events.OfType<RowsEvent>(), static r => r.Header.Type == 39);
        Assert.Equal(RowChangeKind.Update, partial.Kind);
        Assert.Equal("""{"k": [1, 2.5, "x", null, true, 70000], "long key": {"a": -1}}""", Rows(partial, static reader => reader.Before)[0][16]);
        Assert.Equal("""{"k": [1, 2.5, "x", null, true, 70000], "long key": {"a": 5}}""", Rows(partial, static reader => reader.After)[0][16]);
        Assert.Equal(Rows(partial, static reader => reader.Before)[0].Where(static (_, i) => i != 16), Rows(partial, static reader => reader.After)[0].Where(static (_, i) => i != 16));
    }

    [Theory]
    [InlineData(14, "binlog_format")]
    public void Unsupported_event_names_place_and_setting(byte type, string setting)
    {
        BinlogEventParser parser = new(checksum: true);
        parser.SetStart(new BinlogCoordinate("binlog.000002", 4));
        MySqlProtocolException? error = null;
        foreach (byte[] bytes in RecordedEvents.FirstFile)
        {
            error = Record.Exception(() => parser.ParseAll(bytes, static _ => { })) as MySqlProtocolException ?? error;
            if (bytes[4] == type)
            {
                break;
            }
        }

        Assert.NotNull(error);
        Assert.Contains($"(type {type}) after binlog.000002:", error.Message, StringComparison.Ordinal);
        Assert.Contains(setting, error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_checksum_is_an_error()
    {
        // A compressed transaction is read before its checksum has come, so what is damaged is found first.
        foreach (byte[] bytes in RecordedEvents.FirstFile.Where(static b => b[4] != 40))
        {
            byte[] damaged = [.. bytes];
            damaged[^7] ^= 1;
            BinlogEventParser parser = new(checksum: true);
            Assert.Contains("checksum", Assert.Throws<MySqlProtocolException>(() => parser.ParseAll(damaged, static _ => { })).Message, StringComparison.Ordinal);
        }
    }

    private static List<BinlogEvent> Parse(byte[][] file)
    {
        BinlogEventParser parser = new(checksum: false);
        parser.SetStart(new BinlogCoordinate("binlog.000002", 4));
        List<BinlogEvent> events = [];
        foreach (byte[] bytes in file.Where(static bytes => !Unsupported.Contains(bytes[4])))
        {
            parser.ParseAll(bytes, events.Add);
        }

        return events;
    }

    private delegate RowImage Side(RowsReader reader);

    private static List<string?[]> Rows(RowsEvent rows, Side side)
    {
        List<string?[]> result = [];
        RowsReader reader = new();
        reader.Reset(rows);
        while (reader.Read())
        {
            RowImage image = side(reader);
            string?[] row = new string?[image.Count];
            for (int i = 0; i < row.Length; i++)
            {
                if (image.IsPresent(i) && !image.IsNull(i))
                {
                    ArrayBufferWriter<byte> text = new();
                    BinlogValueWriter.WriteText(rows.Table.Columns[i], rows.Table.Columns[i].IsUnsigned == true, image.GetRaw(i), text);
                    row[i] = Encoding.UTF8.GetString(text.WrittenSpan);
                }
            }

            result.Add(row);
        }

        return result;
    }

    private static (int Before, int After) Present(RowsEvent rows)
    {
        RowsReader reader = new();
        reader.Reset(rows);
        Assert.True(reader.Read());
        return (Count(reader.Before), Count(reader.After));

        static int Count(RowImage image)
        {
            int count = 0;
            for (int i = 0; i < image.Count; i++)
            {
                count += image.IsPresent(i) ? 1 : 0;
            }

            return count;
        }
    }
}
