using DtsMigrate.Engine.Assessment;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Run;

/// <summary>A run's first words with both servers: is there progress, does the precheck pass, what are they.</summary>
internal sealed class FirstContact(MigrationTask task, TaskFolder folder, TaskStateMachine states, RetryPolicy retry)
{
    private const int AccessDenied = 1045;

    /// <summary>The destination has heard of the task, at the last look.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>A task that has run before is resumed with patience; the first contact of a new one fails at once and clearly.</summary>
    public async Task<bool> HasProgressAsync(ServerConnector destination, CancellationToken stop)
    {
        if (states.State is TaskState.Created or TaskState.PrecheckFailed or TaskState.Ready || states.Current.StartedAt is null)
        {
            states.TryTransition(TaskState.Prechecking, "Checking both sides; nothing is changed.");
            try
            {
                return await PeekAsync(destination, stop).ConfigureAwait(false);
            }
            catch (DtsMigrateException)
            {
                // The precheck is about to say what is wrong with the connection, with its remedy.
                return false;
            }
        }

        states.TryTransition(TaskState.Starting, "Looking for progress on the destination.");
        bool progress = false;
        await retry.RunAsync("look for progress on the destination", async (_, token) =>
        {
            try
            {
                progress = await PeekAsync(destination, token).ConfigureAwait(false);
            }
            catch (MySqlServerException e)
            {
                ThrowIfCredentials(destination, e);
                throw;
            }
        }, stop).ConfigureAwait(false);
        if (!progress)
        {
            states.TryTransition(TaskState.Prechecking, "The destination has no progress of this task; checking both sides.");
        }

        return progress;
    }

    private async Task<bool> PeekAsync(ServerConnector destination, CancellationToken token)
    {
        string? phase = await CheckpointPeek.ReadPhaseAsync(destination, task.Name, token).ConfigureAwait(false);
        IsKnown = phase is not null;
        return phase is { Length: > 0 };
    }

    /// <summary>Runs the precheck.</summary>
    /// <exception cref="PrecheckBlockedException">An item failed.</exception>
    public async Task PrecheckAsync(IRunLog log, ServerConnector source, ServerConnector destination, CancellationToken stop)
    {
        var results = new List<PrecheckResult>();
        await foreach (PrecheckResult result in PrecheckPass.RunAsync(task, folder, source, destination, isResume: false, onlyFailed: false, stop).ConfigureAwait(false))
        {
            results.Add(result);
            if (result.Outcome == nameof(PrecheckOutcome.Ignored))
            {
                log.Write(LogLevel.Warning, "Precheck", $"{result.Check} ({result.Target}) is ignored by decision of {result.IgnoredBy} at {result.IgnoredAt:u} ({result.IgnoredReason}): {result.Message}");
            }

            if (result.Outcome is nameof(PrecheckOutcome.Failed) or nameof(PrecheckOutcome.Warning))
            {
                log.Write(result.Outcome == nameof(PrecheckOutcome.Failed) ? LogLevel.Error : LogLevel.Warning, "Precheck", $"{result.Check} ({result.Target}): {result.Message}");
            }
        }

        await AssessAsync(log, source, destination, stop).ConfigureAwait(false);
        if (PrecheckBlockedException.IsBlocked(results, task.Options.RequireApprovals))
        {
            throw new PrecheckBlockedException(results, task.Options.RequireApprovals);
        }

        states.TryTransition(TaskState.Ready, "The precheck passed.");
    }

    // Its result does not matter to the start, and neither does its failure.
    private async Task AssessAsync(IRunLog log, ServerConnector source, ServerConnector destination, CancellationToken stop)
    {
        if (!task.Options.MigrationAssessment)
        {
            return;
        }

        try
        {
            var report = await MigrationAssessment.RunAsync(task, folder, source, destination, stop).ConfigureAwait(false);
            foreach (var item in report.Items)
            {
                log.Write(item.Severity == nameof(AssessmentSeverity.Information) ? LogLevel.Info : LogLevel.Warning, "Assessment", $"{item.Item} ({item.Target}): {item.Message}");
            }
        }
        catch (DtsMigrateException e)
        {
            log.Write(LogLevel.Warning, "Assessment", $"The migration assessment was not made: {e.Message}");
        }
    }

    /// <summary>Learns what a server is.</summary>
    public Task<ServerFacts> ReadFactsAsync(ServerConnector server, CancellationToken stop) => ReadFactsAsync(server, retry, established: true, stop);

    /// <summary>Learns what a server is; <paramref name="established"/> as in <see cref="RetryPolicy"/>.</summary>
    public static async Task<ServerFacts> ReadFactsAsync(ServerConnector server, RetryPolicy retry, bool established, CancellationToken stop)
    {
        ServerFacts? facts = null;
        await retry.RunAsync($"connect to the {server.Role}", established, async (_, token) =>
        {
            try
            {
                MySqlSession session = await server.OpenAsync(SessionPurpose.Metadata, token).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    facts = await ServerConnector.ReadFactsAsync(session, token).ConfigureAwait(false);
                }
            }
            catch (MySqlServerException e)
            {
                ThrowIfCredentials(server, e);
                throw;
            }
        }, stop).ConfigureAwait(false);
        return facts!;
    }

    /// <summary>A password that this process has not yet seen accepted is more likely wrong than about to be mended.</summary>
    private static void ThrowIfCredentials(ServerConnector server, MySqlServerException refusal)
    {
        if (refusal.Errno == AccessDenied)
        {
            throw new DtsMigrateException("CredentialsRefused", $"The {server.Role} refuses account {server.Definition.User}: {refusal.ServerMessage}", refusal)
            {
                Target = server.Role,
                RecommendedAction = "Check user and password, and that the account may connect from this host.",
            };
        }
    }
}
