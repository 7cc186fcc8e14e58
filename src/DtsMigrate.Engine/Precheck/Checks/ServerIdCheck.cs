namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The source has a server id.</summary>
internal sealed class ServerIdCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ServerId";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        uint id = context.Source.Facts!.ServerId;
        Finding finding = id == 0
            ? Finding.Failed("source", "server_id is 0: the source refuses to send its binary log.", "Set a server_id that no other server of its replication uses.", "SET GLOBAL server_id = 1001;")
            : context.Task.Options.ReplicaServerId == id
                ? Finding.Failed("source", $"replicaServerId is {id}, the source's own server_id.", "Leave replicaServerId out, or choose another number.")
                : Finding.Passed("source", $"server_id is {id}.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
