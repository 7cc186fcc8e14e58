using System.Globalization;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>The DDL log of a task, <c>dts_migrate.ddl</c>. Each write is fenced by the lease.</summary>
internal sealed class DdlLogStore(CheckpointSession own, Lease lease)
{
    private const string Fields = "id, position, kind, default_database, statement, executed, objects, before_state, outcome, error, begun_at, ended_at, attempts";

    private readonly string _task = CheckpointSql.Text(lease.TaskName);

    /// <summary>The last entry for a place of the binary log and a set of objects; null when there is none.</summary>
    public Task<DdlRecord?> FindAsync(string position, string objects, CancellationToken cancellationToken) =>
        own.RunAsync(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync(
                    $"SELECT {Fields} FROM dts_migrate.ddl WHERE task={_task} AND position={CheckpointSql.Text(position)} AND objects={CheckpointSql.Text(objects)} ORDER BY id DESC LIMIT 1", token).ConfigureAwait(false);
                return rows.Count == 0 ? null : Read(rows[0]);
            },
            cancellationToken);

    /// <summary>Records that a statement begins, before it does. An entry that is there already counts one attempt more.</summary>
    /// <returns>Its number.</returns>
    public Task<long> BeginAsync(DdlRecord record, CancellationToken cancellationToken) =>
        own.TransactAsync(
            async (session, token) =>
            {
                await LeaseTable.AssertAsync(session, lease, token).ConfigureAwait(false);
                if (record.Id > 0)
                {
                    await session.ExecuteAsync(
                        $"UPDATE dts_migrate.ddl SET outcome='{record.Outcome}', executed={CheckpointSql.Text(record.Executed)}, before_state={CheckpointSql.Text(record.Before)}, error=NULL, ended_at=NULL, attempts=attempts+1 WHERE id={Number(record.Id)}",
                        token).ConfigureAwait(false);
                    return record.Id;
                }

                return await InsertAsync(session, record, token).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>In the caller's transaction: adds an entry that needs no settling.</summary>
    public async Task<long> InsertAsync(MySqlSession session, DdlRecord record, CancellationToken cancellationToken)
    {
        string ended = record.Outcome == DdlOutcome.Begun ? "NULL" : "UTC_TIMESTAMP(6)";
        var result = await session.ExecuteAsync(
            "INSERT INTO dts_migrate.ddl (task, position, kind, default_database, statement, executed, objects, before_state, outcome, error, begun_at, ended_at) VALUES ("
            + string.Join(',', _task, CheckpointSql.Text(record.Position), CheckpointSql.Text(record.Kind), CheckpointSql.Text(record.DefaultDatabase), CheckpointSql.Text(record.Statement))
            + ',' + string.Join(',', CheckpointSql.Text(record.Executed), CheckpointSql.Text(record.Objects), CheckpointSql.Text(record.Before), $"'{record.Outcome}'", CheckpointSql.Text(record.Error))
            + $",UTC_TIMESTAMP(6),{ended})",
            cancellationToken).ConfigureAwait(false);
        return (long)result.LastInsertId;
    }

    /// <summary>In the caller's transaction: records how a statement ended.</summary>
    public static Task EndAsync(MySqlSession session, long id, DdlOutcome outcome, string? error, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"UPDATE dts_migrate.ddl SET outcome='{outcome}', error={CheckpointSql.Text(error)}, ended_at=UTC_TIMESTAMP(6) WHERE id={Number(id)}", cancellationToken);

    /// <summary>Records a failure, outside of any other transaction.</summary>
    public Task FailAsync(long id, string error, CancellationToken cancellationToken) =>
        own.TransactAsync(
            async (session, token) =>
            {
                await LeaseTable.AssertAsync(session, lease, token).ConfigureAwait(false);
                await EndAsync(session, id, DdlOutcome.Failed, error, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>Tables of <c>dts_migrate</c> that told whether a RENAME was run, of statements that are settled: left there by a worker that ended right after.</summary>
    public Task<IReadOnlyList<QualifiedName>> ReadEndedMarkersAsync(CancellationToken cancellationToken) =>
        own.RunAsync<IReadOnlyList<QualifiedName>>(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync(
                    "SELECT t.TABLE_NAME FROM information_schema.TABLES t JOIN dts_migrate.ddl d ON t.TABLE_NAME IN (CONCAT('rename_', d.id, '_begun'), CONCAT('rename_', d.id, '_done')) "
                    + $"WHERE t.TABLE_SCHEMA='dts_migrate' AND d.task={_task} AND d.outcome IN ('{DdlOutcome.Done}','{DdlOutcome.Skipped}')",
                    token).ConfigureAwait(false);
                return [.. rows.Select(r => new QualifiedName("dts_migrate", r.GetString(0)))];
            },
            cancellationToken);

    /// <summary>The log of a task on an open session, oldest first.</summary>
    public static async Task<IReadOnlyList<DdlRecord>> ReadAsync(MySqlSession session, string task, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync($"SELECT {Fields} FROM dts_migrate.ddl WHERE task={CheckpointSql.Text(task)} ORDER BY id", cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(Read)];
    }

    /// <summary>Entries of statements that were left out and after which rows do not fit, oldest first.</summary>
    public Task<IReadOnlyList<DdlRecord>> ReadHoldingAsync(CancellationToken cancellationToken) =>
        own.RunAsync<IReadOnlyList<DdlRecord>>(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync($"SELECT {Fields} FROM dts_migrate.ddl WHERE task={_task} AND outcome='{DdlOutcome.Filtered}' AND before_state IS NOT NULL ORDER BY id", token).ConfigureAwait(false);
                return [.. rows.Select(Read)];
            },
            cancellationToken);

    /// <summary>In the caller's transaction: a table's rows fit again.</summary>
    public async Task ReleaseAsync(MySqlSession session, int table, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(
            $"UPDATE dts_migrate.ddl SET before_state=NULL WHERE task={_task} AND outcome='{DdlOutcome.Filtered}' AND before_state LIKE {CheckpointSql.Text(Replication.Ddl.HeldTables.Head(table) + "%")}", cancellationToken).ConfigureAwait(false);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static DdlRecord Read(TextRow row) => new()
    {
        Id = row.GetInt64(0),
        Position = row.GetString(1),
        Kind = row.GetString(2),
        DefaultDatabase = row.GetString(3),
        Statement = row.GetString(4),
        Executed = row.GetStringOrNull(5),
        Objects = row.GetString(6),
        Before = row.GetStringOrNull(7),
        Outcome = Enum.Parse<DdlOutcome>(row.GetString(8)),
        Error = row.GetStringOrNull(9),
        BegunAt = Time(row.GetString(10)),
        EndedAt = row.GetStringOrNull(11) is { } ended ? Time(ended) : null,
        Attempts = (int)row.GetInt64(12),
    };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
