using DtsMigrate.Engine.Tests.Replication.Model;

namespace DtsMigrate.Engine.Tests.Replication;

/// <summary>The copy and stream protocol around the real gate, in random worlds with crashes: exact, and no rule of it is idle.</summary>
public sealed class ProtocolModelTests
{
    private const int Runs = 25_000;
    private const int MutantRuns = 20_000;

    public static TheoryData<string, bool> Mutants { get; } = new()
    {
        { nameof(ProtocolRules.WatermarkFirst), true },
        { nameof(ProtocolRules.WatermarkFirst), false },
        { nameof(ProtocolRules.WatermarkVisible), true },
        { nameof(ProtocolRules.Hold), true },
        { nameof(ProtocolRules.TakeBack), true },
        { nameof(ProtocolRules.TakeBack), false },
        { nameof(ProtocolRules.High), true },
        { nameof(ProtocolRules.High), false },
        { nameof(ProtocolRules.Upsert), true },
        { nameof(ProtocolRules.Upsert), false },
        { nameof(ProtocolRules.Barrier), true },
        { nameof(ProtocolRules.PositionWithRows), true },
        { nameof(ProtocolRules.KeylessSnapshot), true },
        { nameof(ProtocolRules.WindowRecorded), false },
        { nameof(ProtocolRules.MarkWithRows), true },
        { nameof(ProtocolRules.MarkWithRows), false },
        { nameof(ProtocolRules.WindowToItsEnd), true },
        { nameof(ProtocolRules.WindowToItsEnd), false },
        { nameof(ProtocolRules.DoneSkipped), false },
        { nameof(ProtocolRules.UniqueTogether), true },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_sides_are_equal_whatever_crashes(bool gtid)
    {
        for (int seed = 0; seed < Runs; seed++)
        {
            string? fault = ProtocolModel.Run(seed, gtid, ProtocolRules.All, seed % 20 == 0 ? 800 : 160);
            Assert.True(fault is null, $"seed {seed}: {fault}");
        }
    }

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_protocol_without_one_rule_diverges(string rule, bool gtid)
    {
        var broken = rule switch
        {
            nameof(ProtocolRules.WatermarkFirst) => ProtocolRules.All with { WatermarkFirst = false },
            nameof(ProtocolRules.WatermarkVisible) => ProtocolRules.All with { WatermarkVisible = false },
            nameof(ProtocolRules.Hold) => ProtocolRules.All with { Hold = false },
            nameof(ProtocolRules.TakeBack) => ProtocolRules.All with { TakeBack = false },
            nameof(ProtocolRules.High) => ProtocolRules.All with { High = false },
            nameof(ProtocolRules.Upsert) => ProtocolRules.All with { Upsert = false },
            nameof(ProtocolRules.Barrier) => ProtocolRules.All with { Barrier = false },
            nameof(ProtocolRules.PositionWithRows) => ProtocolRules.All with { PositionWithRows = false },
            nameof(ProtocolRules.WindowRecorded) => ProtocolRules.All with { WindowRecorded = false },
            nameof(ProtocolRules.MarkWithRows) => ProtocolRules.All with { MarkWithRows = false },
            nameof(ProtocolRules.WindowToItsEnd) => ProtocolRules.All with { WindowToItsEnd = false },
            nameof(ProtocolRules.DoneSkipped) => ProtocolRules.All with { DoneSkipped = false },
            nameof(ProtocolRules.UniqueTogether) => ProtocolRules.All with { UniqueTogether = false },
            _ => ProtocolRules.All with { KeylessSnapshot = false },
        };

        // What is done twice shows only in tables that are exact, and those are there late in a world's life.
        int mostSteps = rule is nameof(ProtocolRules.WindowRecorded) or nameof(ProtocolRules.DoneSkipped) ? 800 : 160;
        Assert.Contains(Enumerable.Range(0, MutantRuns), seed => ProtocolModel.Run(seed, gtid, broken, mostSteps) is not null);
    }
}
