using System.Buffers.Binary;
using System.Text;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using Xunit.Abstractions;

namespace DtsMigrate.MySql.Tests.Binlog;

/// <summary>What reading a transaction may allocate: the events themselves and their bytes, nothing that depends on the number of rows.</summary>
public sealed class DecodeBudgetTests(ITestOutputHelper log)
{
    private const byte GtidLog = 33, UpdateRows = 31, Xid = 16;
    private const int Transactions = 5000;

    // The events of a transaction of one row: GTID, BEGIN, table map, rows, XID, their places, and the bytes of the row.
    private const long PerTransaction = 1100;

    // The object of a rows event.
    private const long PerEvent = 200;

    // As a server writes them for BEGIN: flags2, sql_mode, catalog, auto_increment, charsets, time zone, collation, explicit_defaults, default utf8mb4 collation.
    private static readonly byte[] Variables =
    [
        0, 0, 0, 0, 0, 1, 0, 0, 32, 0, 0, 0, 0, 0, 6, 3, (byte)'s', (byte)'t', (byte)'d', 4, 255, 0, 255, 0, 255, 0, 5, 6, (byte)'S', (byte)'Y', (byte)'S', (byte)'T', (byte)'E', (byte)'M', 8, 255, 0, 18, 255, 0,
    ];

    [Fact]
    public void A_transaction_of_one_row_allocates_its_events_and_nothing_else()
    {
        byte[][] events = Transaction(1, 1);
        Run(events, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(events, Transactions);
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Transactions;
        log.WriteLine($"{each} bytes per transaction of {events.Sum(e => e.Length)} bytes");
        Assert.InRange(each, 1, PerTransaction);
    }

    [Fact]
    public void Rows_cost_the_copy_of_their_bytes_and_nothing_else()
    {
        const int Events = 200, Times = 20;
        byte[][] events = Transaction(Events, rowsPerEvent: 20);
        Run(events, 5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(events, Times);
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
        long copied = events.Where(e => e[4] == UpdateRows).Sum(e => (long)e.Length);
        log.WriteLine($"{each} bytes for {copied} bytes of rows");
        Assert.InRange((each - copied) / Events, 1, PerEvent);
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

    private static void Run(byte[][] events, int times)
    {
        using BinlogEventParser parser = new(checksum: true);
        RowsReader reader = new();
        long rows = 0;
        for (int i = 0; i < times; i++)
        {
            foreach (byte[] bytes in events)
            {
                if (parser.Parse(bytes) is RowsEvent changes)
                {
                    reader.Reset(changes);
                    while (reader.Read())
                    {
                        rows++;
                    }
                }
            }
        }

        Assert.True(rows >= times);
    }

    // An UPDATE of (INT, INT, CHAR(120), CHAR(60)), as sysbench's.
    private static byte[][] Transaction(int events, int rowsPerEvent)
    {
        byte[] gtid = [1, .. new byte[16], 9, 0, 0, 0, 0, 0, 0, 0, 2, .. new byte[16], 1, 2, 3, 4, 5, 6, 0, 200];
        byte[] query = [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, (byte)Variables.Length, 0, .. Variables, (byte)'d', (byte)'b', 0, .. "BEGIN"u8];
        byte[] row = new byte[1 + 4 + 4 + 1 + 120 + 1 + 60];
        Array.Fill(row, (byte)'x');
        row[0] = 0;
        row[9] = 120;
        row[130] = 60;
        byte[] rows = [1, 0, 0, 0, 0, 0, 1, 0, 2, 0, 4, 15, 15, .. Enumerable.Repeat((byte[])[.. row, .. row], rowsPerEvent).SelectMany(r => r)];
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
}
