using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Binlog;

namespace DtsMigrate.Engine.Tests.Replication;

public sealed class ApplyModeSwitchTests
{
    [Fact]
    public void Several_full_groups_in_a_row_begin_merging_and_several_small_ones_end_it()
    {
        var mode = new ApplyModeSwitch(ApplyMode.Auto, null);
        Commit(mode, true, true, false, true, true);
        Assert.False(mode.IsMerging);
        Commit(mode, true);
        Assert.True(mode.IsMerging);
        Assert.Equal("Merging", mode.Choice.Mode);
        Commit(mode, false, false, false, false, true, false, false, false, false);
        Assert.True(mode.IsMerging);
        Commit(mode, false);
        Assert.False(mode.IsMerging);
        Assert.Equal("TransactionPreserving", mode.Choice.Mode);
    }

    [Fact]
    public void Large_windows_that_empty_the_queue_do_not_end_merging()
    {
        var mode = new ApplyModeSwitch(ApplyMode.Auto, null);
        Commit(mode, true, true, true);
        for (int i = 0; i < 20; i++)
        {
            mode.Committed(hasBacklog: false, rows: 5000, At(9));
        }

        Assert.True(mode.IsMerging);
    }

    [Fact]
    public void The_option_forbids_merging()
    {
        var mode = new ApplyModeSwitch(ApplyMode.TransactionPreserving, null);
        Commit(mode, true, true, true, true, true, true);
        Assert.False(mode.IsMerging);
        Assert.Contains("applyMode", mode.Choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_did_not_fit_is_not_merged_until_the_stream_is_past_it()
    {
        var mode = new ApplyModeSwitch(ApplyMode.Auto, At(5), always: true);
        Assert.False(mode.IsMerging);
        mode.Committed(true, 1, At(4));
        mode.Committed(true, 1, At(5));
        Assert.False(mode.IsMerging);
        Assert.Contains("one by one", mode.Choice.Reason, StringComparison.Ordinal);
        mode.Committed(true, 1, At(6));
        Assert.True(mode.IsMerging);
    }

    private static void Commit(ApplyModeSwitch mode, params bool[] backlogs)
    {
        foreach (bool backlog in backlogs)
        {
            mode.Committed(backlog, 10, At(1));
        }
    }

    private static SourcePosition At(ulong offset) => SourcePosition.Of(new BinlogCoordinate("b.1", offset));
}
