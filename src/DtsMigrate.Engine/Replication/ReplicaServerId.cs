namespace DtsMigrate.Engine.Replication;

/// <summary>The server_id that a dump registers with.</summary>
internal static class ReplicaServerId
{
    /// <summary>The task's option, or one chosen at random: from the upper half, because people number their servers from below.</summary>
    public static uint Of(RunContext context)
    {
        if (context.Task.Options.ReplicaServerId != 0)
        {
            return context.Task.Options.ReplicaServerId;
        }

        uint id;
        do
        {
            id = (uint)Random.Shared.NextInt64(1L << 31, 1L << 32);
        }
        while (id == context.SourceFacts.ServerId);
        return id;
    }
}
