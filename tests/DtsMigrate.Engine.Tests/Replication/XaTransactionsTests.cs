using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Tests.Replication;

public sealed class XaTransactionsTests
{
    private static readonly BinlogCoordinate Start = new("binlog.000001", 4);

    private readonly XaTransactions _transactions = new();

    [Fact]
    public void Xids_are_the_same_whatever_writes_them()
    {
        _transactions.Begin("X'0aff',X'',1", Start);
        Assert.NotNull(_transactions.Find("x'0AFF', X'', 1"));
        Assert.Null(_transactions.Find("X'0a',X'ff',1"));
        Assert.True(XaTransactions.IsSame("X'61',X'',1", "X'61', X'', 1"));
    }

    [Fact]
    public void Rows_are_kept_until_they_are_too_many_and_then_those_of_that_transaction_are_not()
    {
        _transactions.Begin("small", Start);
        _transactions.Add("small", Rows(1000));
        _transactions.Begin("large", Start);
        for (int i = 0; i < 20; i++)
        {
            _transactions.Add("large", Rows(1 << 20));
        }

        Assert.Single(_transactions.Find("small")!.Rows!);
        Assert.True(_transactions.Find("large") is { Rows: null, HasRows: true, Bytes: 0 });

        // What it held is free again.
        _transactions.Begin("next", Start);
        for (int i = 0; i < 15; i++)
        {
            _transactions.Add("next", Rows(1 << 20));
        }

        Assert.Equal(15, _transactions.Find("next")!.Rows!.Count);
        _transactions.Forget("next");
        Assert.Null(_transactions.Find("next"));
    }

    [Fact]
    public void Rows_whose_place_is_not_known_are_kept_however_many()
    {
        _transactions.Begin("x", start: null);
        for (int i = 0; i < 20; i++)
        {
            _transactions.Add("x", Rows(1 << 20));
        }

        Assert.Equal(20, _transactions.Find("x")!.Rows!.Count);
    }

    [Fact]
    public void An_xid_that_is_used_again_forgets_what_it_was()
    {
        _transactions.Begin("x", Start);
        _transactions.Add("x", Rows(10));
        _transactions.Begin("x", Start with { Offset = 900 });
        Assert.True(_transactions.Find("x") is { HasRows: false, Start.Offset: 900 });
    }

    private static RowsEvent Rows(int length)
    {
        var header = new BinlogEventHeader(1, 30, 1, (uint)length, 100, 0);
        return new RowsEvent
        {
            Header = header,
            End = Start,
            Kind = RowChangeKind.Insert,
            Table = new TableMapEvent { Header = header, End = Start, TableId = 1, Database = "d", Table = "t", Columns = [] },
            RowsFlags = 1,
            BeforeColumns = default,
            AfterColumns = default,
            Rows = new byte[length],
        };
    }
}
