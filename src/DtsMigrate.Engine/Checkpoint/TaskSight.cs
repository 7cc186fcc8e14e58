using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>A task as the destination shows it to a worker that does not hold its lease.</summary>
/// <param name="Phase">Furthest finished step.</param>
/// <param name="HasSnapshot">The task copies in one snapshot of the source, which only the sessions of one process can share.</param>
/// <param name="Owner">Who holds the lease, or held it last.</param>
/// <param name="Epoch">The lease's epoch.</param>
/// <param name="IsReleased">The owner has given the lease back: it has ended by itself.</param>
/// <param name="SinceRenewal">Time since the owner's last sign of life, by the destination's clock.</param>
internal sealed record TaskSight(string Phase, bool HasSnapshot, string Owner, long Epoch, bool IsReleased, TimeSpan SinceRenewal)
{
    private const int NoSuchDatabase = 1049;
    private const int NoSuchTable = 1146;

    /// <summary>Looks, and changes nothing.</summary>
    /// <exception cref="DtsMigrateException">Codes <c>TaskNotBegun</c>, <c>TaskDefinitionChanged</c>, <c>CheckpointLayoutUnknown</c>.</exception>
    public static async Task<TaskSight> ReadAsync(MySqlSession session, string task, string definitionHash, CancellationToken cancellationToken)
    {
        IReadOnlyList<TextRow> rows;
        try
        {
            await CheckpointLayout.RequireAsync(session, cancellationToken).ConfigureAwait(false);
            rows = await session.QueryRowsAsync(
                "SELECT t.definition_hash, t.phase, t.snapshot_position IS NOT NULL, l.owner, l.epoch, l.renewed_at='1970-01-01', TIMESTAMPDIFF(MICROSECOND, l.renewed_at, UTC_TIMESTAMP(6)) "
                + $"FROM dts_migrate.task t JOIN dts_migrate.lease l ON l.task=t.name WHERE t.name={CheckpointSql.Text(task)}",
                cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (e.Errno is NoSuchDatabase or NoSuchTable)
        {
            throw NotBegun(task, e);
        }

        if (rows.Count == 0)
        {
            throw NotBegun(task, null);
        }

        var row = rows[0];
        if (row.GetString(0) != definitionHash)
        {
            throw LeaseTable.DefinitionChanged(task);
        }

        return new TaskSight(row.GetString(1), row.GetInt64(2) == 1, row.GetString(3), row.GetInt64(4), row.GetInt64(5) == 1, TimeSpan.FromMicroseconds(row.GetInt64(6)));
    }

    private static DtsMigrateException NotBegun(string task, Exception? inner) =>
        new("TaskNotBegun", $"The destination does not know task {task}: there is nothing to join.", inner)
        {
            Target = task,
            RecommendedAction = "Start the task itself first, or check that the definition names the same destination.",
        };
}
