using System.Buffers.Binary;
using System.Text;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using Xunit.Abstractions;

namespace DtsMigrate.MySql.Tests.Binlog;

/// <summary>What reading a transaction may allocate: the events that begin and end it. Rows, their bytes, their events and their table maps allocate nothing once released.</summary>
public sealed class DecodeBudgetTests(ITestOutputHelper log)
{
    private const byte GtidLog = 33, UpdateRows = 31, Xid = 16;
    private const int Transactions = 5000;

    // GTID, BEGIN and XID: objects without bytes.
    private const long PerTransaction = 400;

    // Events on their way between reader and applier.
    private const int Queued = 64;

    // As a server writes them for BEGIN: flags2, sql_mode, catalog, auto_increment, charsets, time zone, collation, explicit_defaults, default utf8mb4 collation.
    private static readonly byte[] Variables =
    [
        0, 0, 0, 0, 0, 1, 0, 0, 32, 0, 0, 0, 0, 0, 6, 3, (byte)'s', (byte)'t', (byte)'d', 4, 255, 0, 255, 0, 255, 0, 5, 6, (byte)'S', (byte)'Y', (byte)'S', (byte)'T', (byte)'E', (byte)'M', 8, 255, 0, 18, 255, 0,
    ];

    [Fact]
    public void A_transaction_of_one_row_allocates_what_begins_and_ends_it()
    {
        byte[][] events = Transaction(1, 1);
        long each = Measure(events, Transactions);
        log.WriteLine($"{each} bytes per transaction of {events.Sum(e => e.Length)} bytes");
        Assert.InRange(each, 1, PerTransaction);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    [InlineData(2000)]
    public void Rows_allocate_nothing(int rowsPerEvent)
    {
        const int Events = 200, Times = 10;
        byte[][] events = Transaction(Events, rowsPerEvent);
        long each = Measure(events, Times);
        log.WriteLine($"{each} bytes for {Events * rowsPerEvent} rows");
        Assert.InRange(each, 1, PerTransaction);
    }

    [Fact]
    public void An_event_that_is_not_released_keeps_its_rows()
    {
        Random random = new(7);
        using BinlogEventParser parser = new(checksum: true);
        byte[] map = Transaction(0, 1)[2];
        List<(RowsEvent Event, byte[] Rows)> kept = [];
        for (int i = 0; i < 20_000; i++)
        {
            var mapped = parser.Parse(map);
            byte[] sent = Rows(random.Next(1, random.Next(20) == 0 ? 400 : 40), (byte)random.Next(256));
            var rows = (RowsEvent)parser.Parse(EventBytes.Build(UpdateRows, sent, checksum: true));
            kept.Add((rows, sent[13..]));
            mapped.Release();
            while (kept.Count > 50)
            {
                int at = random.Next(kept.Count);
                (rows, byte[] expected) = kept[at];
                Assert.True(rows.Rows.Span.SequenceEqual(expected), "The rows of an event have changed.");
                Assert.Equal(("db", "t", 4), (rows.Table.Database, rows.Table.Table, rows.Table.Columns.Count));
                if (random.Next(10) == 0)
                {
                    kept[at] = (rows.Detach(), expected);
                }
                else
                {
                    kept.RemoveAt(at);
                }

                rows.Release();
            }
        }
    }

    [Fact]
    public void A_released_event_says_so()
    {
        using BinlogEventParser parser = new(checksum: true);
        var rows = (RowsEvent)Transaction(1, 1).Select(e => parser.Parse(e)).First(e => e is RowsEvent);
        RowsEvent copy = rows.Detach();
        rows.Release();
        Assert.Throws<ObjectDisposedException>(() => rows.Table);
        Assert.Throws<ObjectDisposedException>(() => new RowsReader().Reset(rows));
        copy.Release();
        Assert.Equal("t", copy.Table.Table);
    }

    [Fact]
    public void What_repeats_is_told_from_what_does_not()
    {
        using BinlogEventParser parser = new(checksum: true);
        QueryEvent first = Query(parser, Variables, "db", "BEGIN");
        QueryEvent again = Query(parser, Variables, "db", "BEGIN");
        Assert.Same(first.Context, again.Context);
        Assert.Same(first.Database, again.Database);
        byte[] other = [.. Variables];
        other[^1] = 1;
        QueryEvent changed = Query(parser, other, "dc", "COMMIT");
        Assert.Equal((ushort)511, changed.Context.DefaultUtf8mb4Collation);
        Assert.Equal(("dc", "COMMIT"), (changed.Database, changed.Sql));
        Assert.Equal(("SYSTEM", (ushort)255), (changed.Context.TimeZone, first.Context.DefaultUtf8mb4Collation!.Value));
        Assert.Equal("BEGIN", first.Sql);
        QueryEvent none = Query(parser, [], "", "BEGIN ");
        Assert.Equal((new QuerySessionContext(), "", "BEGIN "), (none.Context, none.Database, none.Sql));
    }

    private static QueryEvent Query(BinlogEventParser parser, byte[] variables, string database, string sql) =>
        (QueryEvent)parser.Parse(EventBytes.Build(EventBytes.Query, [0, 0, 0, 0, 0, 0, 0, 0, (byte)database.Length, 0, 0, (byte)variables.Length, 0, .. variables, .. Encoding.ASCII.GetBytes(database), 0, .. Encoding.ASCII.GetBytes(sql)], checksum: true));

    // As it is in use: a dump's events come from one parser and are released some time later.
    private static long Measure(byte[][] events, int times)
    {
        using BinlogEventParser parser = new(checksum: true);
        RowsReader reader = new();
        Queue<BinlogEvent> queue = new(Queued);
        Assert.True(Run(events, 5, parser, reader, queue) >= 5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(events, times, parser, reader, queue);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / times;
    }

    private static long Run(byte[][] events, int times, BinlogEventParser parser, RowsReader reader, Queue<BinlogEvent> queue)
    {
        long rows = 0;
        for (int i = 0; i < times; i++)
        {
            foreach (byte[] bytes in events)
            {
                BinlogEvent parsed = parser.Parse(bytes);
                if (parsed is RowsEvent changes)
                {
                    reader.Reset(changes);
                    while (reader.Read())
                    {
                        rows++;
                    }
                }

                if (queue.Count == Queued - 1)
                {
                    queue.Dequeue().Release();
                }

                queue.Enqueue(parsed);
            }
        }

        return rows;
    }

    // An UPDATE of (INT, INT, CHAR(120), CHAR(60)), as sysbench's.
    private static byte[][] Transaction(int events, int rowsPerEvent)
    {
        byte[] gtid = [1, .. new byte[16], 9, 0, 0, 0, 0, 0, 0, 0, 2, .. new byte[16], 1, 2, 3, 4, 5, 6, 0, 200];
        byte[] query = [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, (byte)Variables.Length, 0, .. Variables, (byte)'d', (byte)'b', 0, .. "BEGIN"u8];
        byte[] rows = Rows(rowsPerEvent, (byte)'x');
        byte[] table = EventBytes.Table(1, [3, 3, 254, 254], [254, 120, 254, 60]);
        byte[] body = table[19..];
        byte[] xid = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(xid, 7);
        return
        [
            EventBytes.Build(GtidLog, gtid, checksum: true), EventBytes.Build(EventBytes.Query, query, checksum: true), EventBytes.Build(EventBytes.TableMap, body, checksum: true),
            .. Enumerable.Repeat(EventBytes.Build(UpdateRows, rows, checksum: true), events), EventBytes.Build(Xid, xid, checksum: true),
        ];
    }

    private static byte[] Rows(int count, byte fill)
    {
        byte[] row = new byte[1 + 4 + 4 + 1 + 120 + 1 + 60];
        Array.Fill(row, fill);
        row[0] = 0;
        row[9] = 120;
        row[130] = 60;
        return [1, 0, 0, 0, 0, 0, 1, 0, 2, 0, 4, 15, 15, .. Enumerable.Repeat((byte[])[.. row, .. row], count).SelectMany(r => r)];
    }
}
