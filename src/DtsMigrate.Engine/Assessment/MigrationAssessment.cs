using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Precheck.Checks;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Assessment;

/// <summary>Assesses a task before it starts: what the destination will take otherwise than the source, and how large it is. It changes nothing on either server and blocks nothing.</summary>
public static class MigrationAssessment
{
    /// <summary>Tables whose definition is created in a second: a cautious figure for one small server.</summary>
    private const double TablesPerSecond = 20;

    /// <summary>Assesses a task and keeps the report in its folder (<c>assessment.json</c>).</summary>
    /// <param name="task">The task.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="secrets">Finds the passwords.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">No connection, no password, or selected objects are not there (<c>ObjectNotFound</c>).</exception>
    public static async Task<AssessmentReport> RunAsync(MigrationTask task, TaskFolder folder, SecretResolver secrets, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(secrets);
        Secret sourcePassword = await secrets.ResolveAsync("source", task.Source, cancellationToken).ConfigureAwait(false);
        Secret destinationPassword = await secrets.ResolveAsync("destination", task.Destination, cancellationToken).ConfigureAwait(false);
        var source = new ServerConnector("source", task.Source, sourcePassword, task.Options, time);
        var destination = new ServerConnector("destination", task.Destination, destinationPassword, task.Options, time);
        return await RunAsync(task, folder, source, destination, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same over given connectors.</summary>
    internal static async Task<AssessmentReport> RunAsync(MigrationTask task, TaskFolder folder, ServerConnector source, ServerConnector destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        long start = source.Time.GetTimestamp();
        var context = new PrecheckContext(task, source, destination, isResume: false);
        await using (context.ConfigureAwait(false))
        {
            await OpenAsync(context, cancellationToken).ConfigureAwait(false);
            var items = new List<AssessmentItem>();
            foreach (var item in AssessmentList.Create())
            {
                items.AddRange((await JudgeAsync(item, context, cancellationToken).ConfigureAwait(false))
                    .Select(f => new AssessmentItem(task.Name, item.Code, f.Severity.ToString(), f.Target, f.Message, f.Recommendation)));
            }

            var copy = CopyEstimate.Of([.. context.Routes!.Select(r => r.Definition)], task.Options);
            int objects = (await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false)).Count;
            var report = new AssessmentReport
            {
                Task = task.Name,
                At = source.Time.GetUtcNow(),
                SourceVersion = context.Source.Version.Text,
                DestinationVersion = context.Destination.Version.Text,
                Tables = context.Routes!.Count,
                Objects = objects,
                Rows = copy.Rows,
                DataBytes = copy.DataBytes,
                IndexBytes = copy.IndexBytes,
                SchemaSeconds = context.HasSchema ? (context.Routes!.Count + objects) / TablesPerSecond : 0,
                CopySeconds = context.HasFull ? copy.Duration.TotalSeconds : 0,
                DurationSeconds = source.Time.GetElapsedTime(start).TotalSeconds,
                Items = [.. items.OrderByDescending(i => Enum.Parse<AssessmentSeverity>(i.Severity))],
            };
            folder.WriteAssessment(report);
            return report;
        }
    }

    private static async Task OpenAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        foreach (var server in (PrecheckServer[])[context.Source, context.Destination])
        {
            await server.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await server.ReadFactsAsync(cancellationToken).ConfigureAwait(false);
        }

        var found = await new ObjectsExistCheck().RunAsync(context, cancellationToken).ConfigureAwait(false);
        if (context.Routes is null)
        {
            throw new DtsMigrateException("ObjectNotFound", found[0].Message) { Target = found[0].Target, RecommendedAction = found[0].Recommendation! };
        }
    }

    // An item that the account may not look at, or that breaks, is a finding: the others are worth having.
    private static async Task<IReadOnlyList<AssessmentFinding>> JudgeAsync(IAssessment item, PrecheckContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await item.RunAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e)
        {
            return [new AssessmentFinding(AssessmentSeverity.Information, "task", $"Not assessed: {e.ServerMessage}", Unseen.Is(e) ? "Grant what the message names to have this assessed." : null)];
        }
    }
}
