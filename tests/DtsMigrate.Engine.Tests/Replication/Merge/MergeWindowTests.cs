using DtsMigrate.Engine.Replication.Merge;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;

namespace DtsMigrate.Engine.Tests.Replication.Merge;

public sealed class MergeWindowTests
{
    private readonly TablePlan _plan = IntRows.Plan();

    [Fact]
    public void Insert_and_update_are_an_insert() => Assert.Equal(["+1:20"], Merge(IntRows.Insert(1, 10), IntRows.Update(1, 10, 1, 20)));

    [Fact]
    public void Updates_are_an_update() => Assert.Equal(["-1", "+1:30"], Merge(IntRows.Update(1, 10, 1, 20), IntRows.Update(1, 20, 1, 30)));

    [Fact]
    public void Update_and_delete_are_a_delete() => Assert.Equal(["-1"], Merge(IntRows.Update(1, 10, 1, 20), IntRows.Delete(1, 20)));

    [Fact]
    public void Delete_and_insert_are_an_update() => Assert.Equal(["-1", "+1:"], Merge(IntRows.Delete(1, 10), IntRows.Insert(1, null)));

    [Fact]
    public void Insert_and_delete_are_nothing() => Assert.Empty(Merge(IntRows.Insert(1, 10), IntRows.Delete(1, 10)));

    [Fact]
    public void A_changed_key_is_a_delete_and_an_insert() => Assert.Equal(["-1", "+2:10"], Merge(IntRows.Update(1, 10, 2, 10)));

    [Fact]
    public void Keys_that_swap_are_written_once_each() =>
        Assert.Equal(["-1", "-2", "+1:20", "+2:10"], Merge(IntRows.Update(1, 10, 9, 10), IntRows.Update(2, 20, 1, 20), IntRows.Update(9, 10, 2, 10)));

    [Fact]
    public void A_change_that_does_not_follow_from_the_one_before_is_refused()
    {
        Assert.Throws<MergeMismatchException>(() => Merge(IntRows.Insert(1, 10), IntRows.Insert(1, 10)));
        Assert.Throws<MergeMismatchException>(() => Merge(IntRows.Delete(1, 10), IntRows.Update(1, 10, 1, 11)));
        Assert.Throws<MergeMismatchException>(() => Merge(IntRows.Delete(1, 10), IntRows.Delete(1, 10)));
    }

    [Fact]
    public void Rows_come_sorted_by_their_key()
    {
        using var window = new MergeWindow();
        foreach (int id in new[] { 5, -3, 300, 0, 7 })
        {
            window.Add(_plan, IntRows.Insert(id, id), fuzzy: false);
        }

        var table = window.Tables[0];
        Assert.Equal(["-3", "0", "5", "7", "300"], table.Sorted().ToArray().Select(i => Text(table, i).Split(':')[0]));
    }

    [Fact]
    public void An_event_with_other_columns_does_not_fit_what_is_held()
    {
        using var window = new MergeWindow();
        window.Add(_plan, IntRows.Insert(1, 1), fuzzy: false);
        var table = window.Tables[0];
        Assert.True(table.Fits(_plan, IntRows.Event(RowChangeKind.Insert, [], IntRows.NewMap())));
        Assert.False(table.Fits(_plan, IntRows.Event(RowChangeKind.Insert, [], IntRows.NewMap(BinlogColumnType.LongLong))));
        Assert.False(table.Fits(IntRows.Plan(), IntRows.Insert(1, 1)));
    }

    [Fact]
    public void Room_that_many_tables_in_turn_have_needed_is_given_up()
    {
        using var window = new MergeWindow(keptRows: 5000);
        for (int number = 1; number <= 20; number++)
        {
            var plan = IntRows.Plan(number);
            for (int id = 0; id < 1000; id++)
            {
                window.Add(plan, IntRows.Insert(id, id), fuzzy: false);
            }

            Assert.InRange(window.Capacity, 1000, 5000 + 1024);
            Assert.Equal(1000, window.Rows);
            window.Remove(window.Tables[0]);
        }

        Assert.InRange(window.Capacity, 0, 5000);
        Assert.Equal(0, window.Rows);
        window.Add(IntRows.Plan(20), IntRows.Insert(7, 8), fuzzy: false);
        Assert.Equal(1, window.Tables.Single().Count);
    }

    [Fact]
    public void A_window_that_was_emptied_takes_new_changes()
    {
        using var window = new MergeWindow();
        for (int round = 0; round < 3; round++)
        {
            for (int id = 0; id < 3000; id++)
            {
                window.Add(_plan, IntRows.Insert(id, round), fuzzy: false);
            }

            Assert.Equal(3000, window.Rows);
            var table = window.Tables[0];
            Assert.Equal($"2999:{round}", Text(table, table.Sorted().Span[^1]));
            window.Remove(table);
            Assert.True(window.IsEmpty);
            Assert.Equal(0, window.Bytes);
        }
    }

    [Fact]
    public void Merged_changes_lead_to_the_same_rows_as_all_changes()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, 6).Where(_ => random.Next(2) == 0).ToDictionary(id => id, id => (int?)id);
            var before = new Dictionary<int, int?>(rows);
            var events = Enumerable.Range(0, random.Next(40)).Select(_ => Change(random, rows)).OfType<RowsEvent>().ToArray();
            foreach (string change in Merge(events))
            {
                string[] parts = change[1..].Split(':');
                int id = int.Parse(parts[0], null);
                bool fits = change[0] == '-' ? before.Remove(id) : before.TryAdd(id, parts[1].Length == 0 ? null : int.Parse(parts[1], null));
                Assert.True(fits, $"seed {seed}: {change}");
            }

            Assert.Equal(rows.OrderBy(r => r.Key), before.OrderBy(r => r.Key));
        }
    }

    private static RowsEvent? Change(Random random, Dictionary<int, int?> rows)
    {
        int id = random.Next(6);
        int? v = random.Next(4) == 0 ? null : random.Next(100);
        if (!rows.TryGetValue(id, out int? old))
        {
            rows.Add(id, v);
            return IntRows.Insert(id, v);
        }

        int newId = random.Next(6);
        if (random.Next(3) == 0)
        {
            rows.Remove(id);
            return IntRows.Delete(id, old);
        }

        if (newId != id && rows.ContainsKey(newId))
        {
            return null;
        }

        rows.Remove(id);
        rows.Add(newId, v);
        return IntRows.Update(id, old, newId, v);
    }

    // Deletes, then inserts, as they are written to an exact table.
    private List<string> Merge(params RowsEvent[] events)
    {
        using var window = new MergeWindow();
        foreach (var rows in events)
        {
            window.Add(_plan, rows, fuzzy: false);
        }

        if (window.IsEmpty)
        {
            return [];
        }

        var table = window.Tables[0];
        int[] order = table.Sorted().ToArray();
        return
        [
            .. order.Where(i => table.Rows[i].Existed).Select(i => "-" + Text(table, i).Split(':')[0]),
            .. order.Where(i => table.Rows[i].Exists).Select(i => "+" + Text(table, i)),
        ];
    }

    private static string Text(MergedTable table, int row)
    {
        var image = table.Image(table.Rows[row], new RowsReader());
        string v = image.IsNull(1) ? string.Empty : BitConverter.ToInt32(image.GetRaw(1)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $"{BitConverter.ToInt32(image.GetRaw(0))}:{v}";
    }
}
