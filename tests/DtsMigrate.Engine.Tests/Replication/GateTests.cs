using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Replication;

public sealed class GateTests
{
    [Theory]
    [InlineData(TableCopyState.Pending, 100, GateDecision.Drop)]
    [InlineData(TableCopyState.Copying, 100, GateDecision.Hold)]
    [InlineData(TableCopyState.Copied, 100, GateDecision.Hold)]
    [InlineData(TableCopyState.CatchingUp, 100, GateDecision.Apply)]
    [InlineData(TableCopyState.CatchingUp, 50, GateDecision.Drop)]
    [InlineData(TableCopyState.Copying, 50, GateDecision.Drop)]
    [InlineData(TableCopyState.Live, 80, GateDecision.Drop)]
    [InlineData(TableCopyState.Live, 81, GateDecision.Apply)]
    [InlineData(TableCopyState.Stopped, 80, GateDecision.Drop)]
    [InlineData(TableCopyState.Stopped, 81, GateDecision.LeaveOut)]
    public void State_watermark_and_high_decide(TableCopyState state, ulong offset, GateDecision expected)
    {
        var gate = new Gate(new AppliedRecord(At(60), At(80), 0), [Record(1, state, 50)]);
        Assert.Equal(expected, gate.Decide(1, null, new BinlogCoordinate("b.1", offset)));
    }

    [Fact]
    public void A_stopped_table_does_not_keep_the_others_from_being_complete()
    {
        var gate = new Gate(new AppliedRecord(At(90), At(90), 0), [Record(1, TableCopyState.Live, 10), Record(2, TableCopyState.Stopped, 0)]);
        Assert.True(gate.AllLive);
        Assert.True(gate.HasStopped);
        Assert.Empty(gate.Waiting);
    }

    [Fact]
    public void A_pass_goes_back_to_the_earliest_watermark_and_remembers_what_live_tables_have()
    {
        var gate = new Gate(new AppliedRecord(At(90), At(20), 7), [Record(1, TableCopyState.Live, 10), Record(2, TableCopyState.Copied, 40), Record(3, TableCopyState.Copied, 30)]);
        var plan = gate.PlanPass(7);
        Assert.Equal((At(30), At(90), 7L), (plan.Current, plan.High, plan.Changes));
    }

    [Fact]
    public void A_pass_never_goes_forward()
    {
        var gate = new Gate(new AppliedRecord(At(20), At(20), 0), [Record(1, TableCopyState.Live, 10), Record(2, TableCopyState.Copied, 40)]);
        Assert.Equal(At(20), gate.PlanPass(0).Current);
    }

    [Fact]
    public void A_pass_is_complete_when_the_stream_is_where_live_tables_are()
    {
        var gate = new Gate(new AppliedRecord(At(30), At(50), 0), [Record(1, TableCopyState.Live, 10), Record(2, TableCopyState.CatchingUp, 30)]);
        gate.Advance(null, new BinlogCoordinate("b.1", 49));
        Assert.False(gate.IsPassComplete);
        gate.Advance(null, new BinlogCoordinate("b.1", 50));
        Assert.True(gate.IsPassComplete);
        gate.CompletePass();
        Assert.True(gate.AllLive);
        Assert.False(gate.IsPassComplete);
    }

    [Fact]
    public void A_table_is_fuzzy_until_the_stream_has_passed_the_end_of_its_copy_and_the_barrier()
    {
        var gate = new Gate(new AppliedRecord(At(30), At(30), 0), [Record(1, TableCopyState.Live, 10) with { FuzzyEnd = At(40) }]);
        gate.SetFuzzyBarrier(1, new BinlogCoordinate("b.1", 45));
        Assert.True(gate.IsFuzzy(1));
        gate.Advance(null, new BinlogCoordinate("b.1", 40));
        Assert.True(gate.IsFuzzy(1));
        gate.Advance(null, new BinlogCoordinate("b.1", 45));
        Assert.False(gate.IsFuzzy(1));
    }

    [Fact]
    public void Positions_of_different_kinds_are_an_error_that_says_so()
    {
        var gtid = SourcePosition.Of(DtsMigrate.MySql.Binlog.Gtids.GtidSet.Empty);
        Assert.Equal("PositionKindChanged", Assert.Throws<DtsMigrateException>(() => PositionMath.Earlier(gtid, At(4))).Code);
    }

    [Fact]
    public void Positions_by_gtid_combine_as_sets()
    {
        var a = SourcePosition.Parse("gtid:11111111-1111-1111-1111-111111111111:1-5");
        var b = SourcePosition.Parse("gtid:11111111-1111-1111-1111-111111111111:1-3:7");
        Assert.Equal("gtid:11111111-1111-1111-1111-111111111111:1-3", PositionMath.Earlier(a, b).ToString());
        Assert.Equal("gtid:11111111-1111-1111-1111-111111111111:1-5:7", PositionMath.Later(a, b).ToString());
    }

    private static SourcePosition At(ulong offset) => SourcePosition.Of(new BinlogCoordinate("b.1", offset));

    private static TableCopyRecord Record(int number, TableCopyState state, ulong watermark) => new()
    {
        Number = number,
        Source = new QualifiedName("d", "t"),
        Destination = new QualifiedName("d", "t"),
        State = state,
        DefinitionHash = "h",
        Watermark = At(watermark),
        FuzzyEnd = At(watermark),
    };
}
