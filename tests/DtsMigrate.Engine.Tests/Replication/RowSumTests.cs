using DtsMigrate.Engine.Replication.OnlineDdl;

namespace DtsMigrate.Engine.Tests.Replication;

public sealed class RowSumTests
{
    [Fact]
    public void The_order_of_rows_does_not_matter_and_a_row_that_goes_leaves_nothing()
    {
        UInt128[] rows = [UInt128.MaxValue, 7, UInt128.MaxValue - 3, 7];
        var sum = rows.Aggregate(default(RowSum), (all, row) => all.Plus(row));
        Assert.Equal(sum, rows.Reverse().Aggregate(default(RowSum), (all, row) => all.Plus(row)));
        Assert.Equal(default, rows.Aggregate(sum, (all, row) => all.Minus(row)));
        Assert.NotEqual(sum, sum.Plus(0));
        Assert.Equal(sum.Hash, RowSum.ParseHash(sum.HashText));
        Assert.Equal(32, default(RowSum).HashText.Length);
    }
}
