using DtsMigrate.Engine.Replication.Merge;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Tests.Replication.Merge;

public sealed class SlotPlanTests
{
    [Fact]
    public void Rows_of_a_table_with_nothing_but_a_primary_key_are_divided_and_none_twice()
    {
        using var window = Window(IntRows.Plan());
        var parts = SlotPlan.Divide(window.Tables, 4);
        int[][] rows = [.. parts.Select(p => p.SelectMany(part => part.Rows).ToArray())];
        Assert.Equal(Enumerable.Range(0, 1000), rows.SelectMany(r => r).Order());
        Assert.All(rows, r => Assert.InRange(r.Length, 150, 350));
    }

    [Fact]
    public void The_same_window_is_divided_alike_whatever_came_first()
    {
        using var window = Window(IntRows.Plan());
        using var again = new MergeWindow();
        for (int id = 999; id >= 0; id--)
        {
            again.Add(IntRows.Plan(), IntRows.Update(id, 1, id, 7), fuzzy: true);
        }

        Assert.Equal(Hashes(window), Hashes(again));
    }

    [Theory]
    [InlineData("secondary")]
    [InlineData("functional")]
    public void New_rows_of_a_table_with_another_unique_key_are_divided(string unique)
    {
        using var window = Window(IntRows.Plan(6, unique));
        var parts = SlotPlan.Divide(window.Tables, 4);
        int[][] rows = [.. parts.Select(p => p.SelectMany(part => part.Rows).ToArray())];
        Assert.Equal(Enumerable.Range(0, 1000), rows.SelectMany(r => r).Order());
        Assert.All(rows, r => Assert.InRange(r.Length, 150, 350));
    }

    [Theory]
    [InlineData("secondary", RowChangeKind.Update)]
    [InlineData("functional", RowChangeKind.Update)]
    [InlineData("secondary", RowChangeKind.Delete)]
    [InlineData("functional", RowChangeKind.Delete)]
    public void A_table_with_another_unique_key_is_one_slots_when_a_row_may_leave_its_value_to_another(string unique, RowChangeKind kind)
    {
        var plan = IntRows.Plan(6, unique);
        using var window = Window(plan);
        window.Add(plan, kind == RowChangeKind.Update ? IntRows.Update(5000, 1, 5000, 2) : IntRows.Delete(5000, 1), fuzzy: false);
        var parts = SlotPlan.Divide(window.Tables, 4);
        Assert.Equal([0, 0, 1001, 0], parts.Select(p => p.Sum(part => part.Rows.Length)));
    }

    [Fact]
    public void A_window_of_an_earlier_release_is_divided_by_its_rules()
    {
        using var window = Window(IntRows.Plan(6, "secondary"));
        var parts = SlotPlan.Divide(window.Tables, 4, division: 1);
        Assert.Equal([0, 0, 1000, 0], parts.Select(p => p.Sum(part => part.Rows.Length)));
    }

    private static MergeWindow Window(TablePlan plan)
    {
        var window = new MergeWindow();
        for (int id = 0; id < 1000; id++)
        {
            window.Add(plan, IntRows.Insert(id, id), fuzzy: false);
        }

        return window;
    }

    private static List<ulong[]> Hashes(MergeWindow window) =>
        [.. SlotPlan.Divide(window.Tables, 3).Select(p => p.SelectMany(part => part.Rows.Select(row => part.Table.Rows[row].Hash)).Order().ToArray())];
}
