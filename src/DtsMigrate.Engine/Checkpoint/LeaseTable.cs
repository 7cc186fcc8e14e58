using System.Globalization;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>The lease row of a task. Whoever takes it raises the epoch; each writing transaction looks at the epoch under a shared lock.</summary>
internal static class LeaseTable
{
    /// <summary>A lease renewed within this time belongs to a live worker.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Registers the task and takes its lease, in the caller's transaction. Waits for writers of the old owner that are about to commit: they hold
    /// the row shared.
    /// </summary>
    /// <param name="session">Session.</param>
    /// <param name="task">Task.</param>
    /// <param name="definitionHash">What the progress belongs to.</param>
    /// <param name="owner">Owner text.</param>
    /// <param name="after">Epoch that must be the last one: a worker that goes on by itself may not if another one has had the task since. Null for any.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<Lease> TakeAsync(MySqlSession session, string task, string definitionHash, string owner, long? after, CancellationToken cancellationToken)
    {
        string name = CheckpointSql.Text(task);
        await session.ExecuteAsync(
            $"INSERT INTO dts_migrate.task (name, definition_hash, created_at) VALUES ({name}, {CheckpointSql.Text(definitionHash)}, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE phase=phase",
            cancellationToken).ConfigureAwait(false);
        var registered = await session.QueryRowsAsync($"SELECT definition_hash FROM dts_migrate.task WHERE name={name} FOR UPDATE", cancellationToken).ConfigureAwait(false);
        if (registered[0].GetString(0) != definitionHash)
        {
            throw DefinitionChanged(task);
        }

        await session.ExecuteAsync(
            $"INSERT INTO dts_migrate.lease (task, owner, epoch, renewed_at) VALUES ({name}, _utf8mb4'', 0, '1970-01-01') ON DUPLICATE KEY UPDATE epoch=epoch",
            cancellationToken).ConfigureAwait(false);
        var row = (await session.QueryRowsAsync(
            $"SELECT owner, epoch, TIMESTAMPDIFF(MICROSECOND, renewed_at, UTC_TIMESTAMP(6)) FROM dts_migrate.lease WHERE task={name} FOR UPDATE",
            cancellationToken).ConfigureAwait(false))[0];
        string holder = row.GetString(0);
        var age = TimeSpan.FromMicroseconds(row.GetInt64(2));
        if (age < Lifetime && LeaseOwner.Machine(holder) != LeaseOwner.Machine(owner))
        {
            throw new DtsMigrateException("LeaseHeld", $"Task {task} is run by {holder}, last seen {age.TotalSeconds:0.0} s ago.")
            {
                Target = task,
                RecommendedAction = $"Stop it there, or wait {Lifetime.TotalSeconds:0} s after it has died.",
            };
        }

        if (after is { } last && row.GetInt64(1) > last && holder != owner)
        {
            throw Lost(new Lease(task, owner, last), holder);
        }

        long epoch = row.GetInt64(1) + 1;
        await session.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"UPDATE dts_migrate.lease SET owner={CheckpointSql.Text(owner)}, epoch={epoch}, renewed_at=UTC_TIMESTAMP(6) WHERE task={name}"),
            cancellationToken).ConfigureAwait(false);
        return new Lease(task, owner, epoch);
    }

    /// <summary>Locks the row shared until the end of the transaction and checks the epoch.</summary>
    public static async Task AssertAsync(MySqlSession session, Lease lease, CancellationToken cancellationToken)
    {
        string share = session.ServerVersion.IsAtLeast(8) ? "FOR SHARE" : "LOCK IN SHARE MODE";
        var rows = await session.QueryRowsAsync($"SELECT epoch, owner FROM dts_migrate.lease WHERE task={CheckpointSql.Text(lease.TaskName)} {share}", cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0 || rows[0].GetInt64(0) != lease.Epoch)
        {
            throw Lost(lease, rows.Count == 0 ? "nobody: its rows are gone" : rows[0].GetString(1));
        }
    }

    /// <summary>
    /// The look at the epoch, as the first of the statements of a batch: answered with one affected row as long as the lease is this worker's. Give the answer to
    /// <see cref="RequireFenceAsync"/> before COMMIT.
    /// </summary>
    public static string FenceSql(MySqlSession session, Lease lease)
    {
        string share = session.ServerVersion.IsAtLeast(8) ? "FOR SHARE" : "LOCK IN SHARE MODE";
        return string.Create(CultureInfo.InvariantCulture, $"SELECT 1 INTO @dts_migrate_fence FROM dts_migrate.lease WHERE task={CheckpointSql.Text(lease.TaskName)} AND epoch={lease.Epoch} {share}");
    }

    /// <summary>Checks the answer of <see cref="FenceSql"/>.</summary>
    /// <exception cref="DtsMigrateException">Code <c>LeaseLost</c>: roll back.</exception>
    public static async Task RequireFenceAsync(MySqlSession session, Lease lease, StatementResult answer, CancellationToken cancellationToken)
    {
        if (answer.AffectedRows != 1)
        {
            await AssertAsync(session, lease, cancellationToken).ConfigureAwait(false);
            throw Lost(lease, "another worker");
        }
    }

    /// <summary>
    /// A condition for the WHERE of a statement that writes: it finds nothing unless the lease is still this worker's, and keeps it so until the transaction ends. Where a statement has
    /// found nothing, <see cref="AssertAsync"/> tells whether it was this.
    /// </summary>
    public static string Guard(Lease lease) => string.Create(
        CultureInfo.InvariantCulture, $"{lease.Epoch}=(SELECT epoch FROM dts_migrate.lease WHERE task={CheckpointSql.Text(lease.TaskName)} LOCK IN SHARE MODE)");

    /// <summary>Writes the time stamp, which tells other machines that the owner lives.</summary>
    public static async Task RenewAsync(MySqlSession session, Lease lease, CancellationToken cancellationToken)
    {
        var result = await session.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"UPDATE dts_migrate.lease SET renewed_at=UTC_TIMESTAMP(6) WHERE task={CheckpointSql.Text(lease.TaskName)} AND epoch={lease.Epoch}"),
            cancellationToken).ConfigureAwait(false);
        if (result.AffectedRows != 1)
        {
            throw Lost(lease, "another worker");
        }
    }

    /// <summary>Lets another machine take the lease at once.</summary>
    public static Task<StatementResult> ReleaseAsync(MySqlSession session, Lease lease, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"UPDATE dts_migrate.lease SET renewed_at='1970-01-01' WHERE task={CheckpointSql.Text(lease.TaskName)} AND epoch={lease.Epoch}"),
            cancellationToken);

    /// <summary>The definition at hand is not the one that the progress belongs to.</summary>
    public static DtsMigrateException DefinitionChanged(string task) =>
        new("TaskDefinitionChanged", $"Task {task} was begun on this destination with another source, other objects or other migration types.")
        {
            Target = task,
            RecommendedAction = "Start it with the definition it was begun with, or give the new definition another task name.",
        };

    private static DtsMigrateException Lost(Lease lease, string by) =>
        new("LeaseLost", $"Task {lease.TaskName} now belongs to {by}; worker {lease.Owner} (epoch {lease.Epoch}) may not write any more.")
        {
            Target = lease.TaskName,
            RecommendedAction = "Let one worker run the task.",
        };
}
