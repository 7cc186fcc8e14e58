using DtsMigrate.Engine.FullCopy;

namespace DtsMigrate.Engine.Tests.FullCopy;

public sealed class TableOccupancyTests
{
    private readonly TableOccupancy _occupancy = new();

    [Fact]
    public void Without_workers_nothing_is_passed_over() => Assert.Equal("", Text());

    [Fact]
    public void Tables_with_fewer_workers_come_first()
    {
        using var a1 = _occupancy.Enter(1);
        using var a2 = _occupancy.Enter(1);
        using var b = _occupancy.Enter(2);

        Assert.Equal("1,2;1;", Text());
    }

    [Fact]
    public void A_worker_that_has_left_does_not_count()
    {
        var a = _occupancy.Enter(1);
        using var b = _occupancy.Enter(2);

        a.Dispose();
        a.Dispose();

        Assert.Equal("2;", Text());
    }

    private string Text() => string.Join(';', _occupancy.Tries().Select(without => string.Join(',', without.Order())));
}
