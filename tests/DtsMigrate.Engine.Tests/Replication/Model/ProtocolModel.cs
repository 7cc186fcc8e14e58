namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>
/// A small world in which a source, a copy and a stream take turns at random and anything may crash at any step; then everything is drained
/// and both sides are compared.
/// </summary>
internal static class ProtocolModel
{
    private static readonly bool[] TablesHaveKeys = [true, true, false];

    /// <summary>Runs one world.</summary>
    /// <returns>Null when both sides end equal, else what went wrong.</returns>
    public static string? Run(int seed, bool gtid, ProtocolRules rules, int mostSteps = 160)
    {
        var random = new Random(seed);
        var source = new ModelSource(random, gtid, TablesHaveKeys);
        var destination = new ModelDestination(TablesHaveKeys);
        var copier = new ModelCopier(random, source, destination, rules);
        var replicator = new ModelReplicator(random, source, destination, rules, gtid);

        int steps = random.Next(20, mostSteps);
        for (int i = 0; i < steps && !replicator.Conflicted; i++)
        {
            switch (random.Next(20))
            {
                case < 5:
                    source.Write();
                    break;
                case < 10:
                    source.Settle();
                    break;
                case < 14:
                    copier.Step(random.Next(TablesHaveKeys.Length));
                    break;
                case < 19:
                    replicator.Step();
                    break;
                default:
                    Break(random, copier, replicator);
                    break;
            }
        }

        source.SettleAll();
        for (int i = 0; i < 5000 && !replicator.Conflicted && !replicator.IsDone; i++)
        {
            copier.Step(i % TablesHaveKeys.Length);
            replicator.Step();
        }

        return replicator.Conflicted ? "a strict change found something else"
            : !replicator.IsDone ? "it does not come to an end"
            : Enumerable.Range(0, TablesHaveKeys.Length).All(t => source.Final(t).SameAs(destination.Tables[t])) ? null : "rows differ";
    }

    private static void Break(Random random, ModelCopier copier, ModelReplicator replicator)
    {
        int what = random.Next(3);
        if (what != 1)
        {
            copier.Crash();
        }

        if (what == 0)
        {
            replicator.Crash();
        }
        else if (what == 1)
        {
            replicator.Close();
        }
    }
}
