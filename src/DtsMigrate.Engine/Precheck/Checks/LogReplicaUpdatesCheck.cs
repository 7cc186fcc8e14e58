using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>A source that is a replica logs what it receives.</summary>
internal sealed class LogReplicaUpdatesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "LogReplicaUpdates";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental && context.Source.IsOn("log_bin");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var server = context.Source;
        if (server.IsOn("log_replica_updates") || server.IsOn("log_slave_updates"))
        {
            return [Judge(isOn: true, isReplica: null)];
        }

        try
        {
            string statement = server.Version.IsAtLeast(8, 0, 22) ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
            var rows = await server.Session.QueryRowsAsync(statement, cancellationToken).ConfigureAwait(false);
            return [Judge(isOn: false, rows.Count > 0)];
        }
        catch (MySqlServerException e) when (Unseen.Is(e))
        {
            return [Judge(isOn: false, isReplica: null)];
        }
    }

    /// <summary>Judges the setting; whether the source is a replica is null when it cannot be seen.</summary>
    internal static Finding Judge(bool isOn, bool? isReplica) => (isOn, isReplica) switch
    {
        (true, _) => Finding.Passed("source", "log_replica_updates is ON."),
        (false, false) => Finding.Passed("source", "log_replica_updates is OFF, and the source is no replica."),
        (false, true) => Finding.Failed(
            "source",
            "The source is a replica and log_replica_updates is OFF: changes that it receives by replication are not in its binary log and would be lost. ON is required.",
            "Restart the source with log_replica_updates=ON, or migrate from the server that it replicates from."),
        _ => Finding.Warning(
            "source",
            "log_replica_updates is OFF, and whether the source is a replica cannot be seen: changes that it receives by replication would not be in its binary log.",
            "Grant REPLICATION CLIENT to the source account, or make sure that the source is no replica."),
    };
}
