using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Run;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>No other task writes to the same tables of the destination.</summary>
internal sealed class OtherTasksCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "OtherTasks";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await context.Destination.Session.QueryRowsAsync(
                "SELECT c.task, c.destination_database, c.destination_table, t.phase, COALESCE(TIMESTAMPDIFF(SECOND, l.renewed_at, UTC_TIMESTAMP()), 1000000) FROM dts_migrate.table_copy c "
                + $"JOIN dts_migrate.task t ON t.name=c.task LEFT JOIN dts_migrate.lease l ON l.task=c.task WHERE c.task<>{CheckpointSql.Text(context.Task.Name)} AND c.state<>'Removed'",
                cancellationToken).ConfigureAwait(false);
            var names = context.Destination.Facts!.LowerCaseTableNames == 0 ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
            var ours = context.Routes!.Select(r => r.Destination.ToString()).ToHashSet(names);
            return Judge([.. rows.Select(r => (r.GetString(0), $"{r.GetString(1)}.{r.GetString(2)}", RunPhase.IsAtLeast(r.GetString(3), RunPhase.Activated), TimeSpan.FromSeconds(r.GetInt64(4)))).Where(r => ours.Contains(r.Item2))]);
        }
        catch (MySqlServerException e) when (e.Errno is NoSuchDatabase or NoSuchTable)
        {
            return Judge([]);
        }
        catch (MySqlServerException e) when (Unseen.Is(e))
        {
            string account = (await AccountPrivileges.ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false)).Account;
            return [Unseen.Of("destination", "Whether other tasks write to the same tables cannot be seen.", "SELECT ON `dts_migrate`.*", account)];
        }
    }

    /// <summary>Judges tables of other tasks that are this task's, too: the task, the table, whether it has been cut over, and the time since its worker was last seen.</summary>
    internal static IReadOnlyList<Finding> Judge(IReadOnlyCollection<(string Task, string Table, bool IsOver, TimeSpan Age)> shared)
    {
        var findings = new List<Finding>();
        foreach (var task in shared.Where(s => !s.IsOver).GroupBy(s => s.Task, StringComparer.Ordinal))
        {
            string tables = Finding.List([.. task.Select(t => t.Table)]);
            findings.Add(task.First().Age < LeaseTable.Lifetime
                ? Finding.Failed(task.Key, $"Task {task.Key} is running and writes to the same tables: {tables}.", "Stop it, or take the tables out of one of the two tasks.")
                : Finding.Warning(task.Key, $"Task {task.Key}, which is not running now, has its progress for the same tables: {tables}. It would write to them again when it is resumed.", "Remove that task, or take the tables out of one of the two."));
        }

        return findings.Count > 0 ? findings : [Finding.Passed("destination", "No other task writes to the same tables.")];
    }

    private const int NoSuchDatabase = 1049;
    private const int NoSuchTable = 1146;
}
