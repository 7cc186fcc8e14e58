using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>The tables of schema <c>dts_migrate</c>, and their version.</summary>
internal static class CheckpointLayout
{
    /// <summary>Version of the layout that this code reads and writes.</summary>
    public const int Version = 5;

    private const int NoSuchDatabase = 1049;
    private const int NoSuchTable = 1146;
    private const int Deadlock = 1213;

    /// <summary>Longer than creating takes. Whoever has waited for so long goes on without the lock, which only avoids deadlocks.</summary>
    private const int WaitSeconds = 30;

    /// <summary>
    /// Everything is IF NOT EXISTS and the version row comes last: whoever sees the row sees all tables, and any number of
    /// workers may run this at once.
    /// </summary>
    private const string CreateSql =
        """
        CREATE DATABASE IF NOT EXISTS dts_migrate CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.layout (
          id TINYINT NOT NULL PRIMARY KEY,
          version INT NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.task (
          name VARCHAR(64) NOT NULL PRIMARY KEY,
          definition_hash VARCHAR(128) NOT NULL,
          phase VARCHAR(64) NOT NULL DEFAULT '',
          created_at DATETIME(6) NOT NULL,
          snapshot_position LONGTEXT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.lease (
          task VARCHAR(64) NOT NULL PRIMARY KEY,
          owner VARCHAR(512) NOT NULL,
          epoch BIGINT NOT NULL,
          renewed_at DATETIME(6) NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.table_copy (
          task VARCHAR(64) NOT NULL,
          number INT NOT NULL,
          source_database VARCHAR(64) NOT NULL,
          source_table VARCHAR(64) NOT NULL,
          destination_database VARCHAR(64) NOT NULL,
          destination_table VARCHAR(64) NOT NULL,
          state VARCHAR(16) NOT NULL,
          definition_hash VARCHAR(128) NOT NULL,
          watermark LONGTEXT NULL,
          fuzzy_end LONGTEXT NULL,
          plan_complete TINYINT NOT NULL DEFAULT 0,
          rows_copied BIGINT NOT NULL DEFAULT 0,
          bytes_copied BIGINT NOT NULL DEFAULT 0,
          attempt INT NOT NULL DEFAULT 1,
          must_clear TINYINT NOT NULL DEFAULT 0,
          stop_reason LONGTEXT NULL,
          changes_left_out BIGINT NOT NULL DEFAULT 0,
          PRIMARY KEY (task, number)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.chunk (
          task VARCHAR(64) NOT NULL,
          table_number INT NOT NULL,
          number INT NOT NULL,
          lower_bound LONGTEXT NULL,
          upper_bound LONGTEXT NULL,
          done TINYINT NOT NULL DEFAULT 0,
          row_count BIGINT NOT NULL DEFAULT 0,
          byte_count BIGINT NOT NULL DEFAULT 0,
          scope LONGTEXT NULL,
          priority INT NOT NULL DEFAULT 0,
          PRIMARY KEY (task, table_number, number),
          KEY claim (task, done, priority, table_number, number)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.applied (
          task VARCHAR(64) NOT NULL PRIMARY KEY,
          current_position LONGTEXT NOT NULL,
          high_position LONGTEXT NOT NULL,
          changes BIGINT NOT NULL,
          left_out BIGINT NOT NULL DEFAULT 0
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.applied_window (
          task VARCHAR(64) NOT NULL PRIMARY KEY,
          end_position LONGTEXT NOT NULL,
          changes BIGINT NOT NULL,
          division TINYINT NOT NULL DEFAULT 1
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.applied_slot (
          task VARCHAR(64) NOT NULL,
          slot INT NOT NULL,
          done TINYINT NOT NULL DEFAULT 0,
          PRIMARY KEY (task, slot)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.deferred_index (
          task VARCHAR(64) NOT NULL,
          table_number INT NOT NULL,
          ordinal INT NOT NULL,
          name VARCHAR(64) NOT NULL,
          kind VARCHAR(16) NOT NULL,
          definition LONGTEXT NOT NULL,
          built TINYINT NOT NULL DEFAULT 0,
          PRIMARY KEY (task, table_number, ordinal)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.server_setting (
          name VARCHAR(64) NOT NULL PRIMARY KEY,
          task VARCHAR(64) NOT NULL,
          old_value LONGTEXT NOT NULL,
          new_value LONGTEXT NOT NULL,
          changed_at DATETIME(6) NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.server_setting_user (
          name VARCHAR(64) NOT NULL,
          task VARCHAR(64) NOT NULL,
          PRIMARY KEY (name, task)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.definition (
          task VARCHAR(64) NOT NULL,
          table_number INT NOT NULL,
          position LONGTEXT NULL,
          definition LONGTEXT NOT NULL,
          PRIMARY KEY (task, table_number)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.ddl (
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
          task VARCHAR(64) NOT NULL,
          position VARCHAR(512) NOT NULL,
          kind VARCHAR(64) NOT NULL,
          default_database VARCHAR(64) NOT NULL,
          statement LONGTEXT NOT NULL,
          executed LONGTEXT NULL,
          objects LONGTEXT NOT NULL,
          before_state LONGTEXT NULL,
          outcome VARCHAR(16) NOT NULL,
          error LONGTEXT NULL,
          begun_at DATETIME(6) NOT NULL,
          ended_at DATETIME(6) NULL,
          attempts INT NOT NULL DEFAULT 1,
          KEY task_position (task, `position`(191))
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS dts_migrate.shadow_table (
          task VARCHAR(64) NOT NULL,
          source_database VARCHAR(64) NOT NULL,
          source_table VARCHAR(64) NOT NULL,
          version INT NOT NULL,
          model VARCHAR(64) NOT NULL,
          definition LONGTEXT NOT NULL,
          statements LONGTEXT NOT NULL,
          row_count BIGINT NOT NULL DEFAULT 0,
          row_hash CHAR(32) NOT NULL,
          reason LONGTEXT NULL,
          PRIMARY KEY (task, source_database, source_table)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
        """;

    /// <summary>What layout 1 did not have, table by table. Tables that it did not have are created like all others.</summary>
    private static readonly (string Table, string Member, string Sql)[] AddedInLayout2 =
    [
        ("task", "snapshot_position", "ADD COLUMN snapshot_position LONGTEXT NULL"),
        ("table_copy", "attempt", "ADD COLUMN attempt INT NOT NULL DEFAULT 1"),
        ("table_copy", "must_clear", "ADD COLUMN must_clear TINYINT NOT NULL DEFAULT 0"),
        ("chunk", "scope", "ADD COLUMN scope LONGTEXT NULL"),
        ("chunk", "priority", "ADD COLUMN priority INT NOT NULL DEFAULT 0, ADD KEY claim (task, done, priority, table_number, number)"),
    ];

    /// <summary>What layout 3 did not have.</summary>
    private static readonly (string Table, string Member, string Sql)[] AddedInLayout4 =
    [
        ("table_copy", "stop_reason", "ADD COLUMN stop_reason LONGTEXT NULL"),
        ("table_copy", "changes_left_out", "ADD COLUMN changes_left_out BIGINT NOT NULL DEFAULT 0"),
        ("applied", "left_out", "ADD COLUMN left_out BIGINT NOT NULL DEFAULT 0"),
    ];

    /// <summary>What layout 4 did not have.</summary>
    private static readonly (string Table, string Member, string Sql)[] AddedInLayout5 =
    [
        ("applied_window", "division", "ADD COLUMN division TINYINT NOT NULL DEFAULT 1"),
    ];

    /// <summary>Creates what is missing and checks the version.</summary>
    /// <exception cref="DtsMigrateException">Code <c>CheckpointLayoutUnknown</c>: a later release has written there.</exception>
    public static async Task EnsureAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        // Looked at first: an account that may use the schema need not be allowed to create it.
        int? found = await ReadVersionAsync(session, cancellationToken).ConfigureAwait(false);
        if (found is null or (>= 1 and < Version))
        {
            // One at a time: the statements of two workers would wait for each other's metadata locks in a circle.
            await session.ExecuteAsync($"DO GET_LOCK('dts_migrate:layout', {WaitSeconds})", cancellationToken).ConfigureAwait(false);
            found = await ReadVersionAsync(session, cancellationToken).ConfigureAwait(false);
            if (found is null)
            {
                await session.ExecuteBatchAsync(Encoding.ASCII.GetBytes(CreateSql), cancellationToken).ConfigureAwait(false);
                string insert = string.Create(CultureInfo.InvariantCulture, $"INSERT INTO dts_migrate.layout (id, version) VALUES (1, {Version}) ON DUPLICATE KEY UPDATE id=id");
                await session.ExecuteAsync(insert, cancellationToken).ConfigureAwait(false);
            }
            else if (found < Version)
            {
                await UpgradeAsync(session, cancellationToken).ConfigureAwait(false);
            }

            found = await ReadVersionAsync(session, cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("DO RELEASE_LOCK('dts_migrate:layout')", cancellationToken).ConfigureAwait(false);
        }

        Require(found);
    }

    /// <summary>Checks the version and creates nothing; passes where there is no such schema.</summary>
    /// <exception cref="DtsMigrateException">Code <c>CheckpointLayoutUnknown</c>: another release has written there.</exception>
    public static async Task RequireAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        if (await ReadVersionAsync(session, cancellationToken).ConfigureAwait(false) is { } found)
        {
            Require(found);
        }
    }

    private static void Require(int? found)
    {
        if (found != Version)
        {
            throw new DtsMigrateException("CheckpointLayoutUnknown", $"Schema dts_migrate on the destination has layout {found}; this release knows layout {Version}.")
            {
                Target = "dts_migrate.layout",
                RecommendedAction = "Use the release that wrote it, or drop the schema if no task needs it any more.",
            };
        }
    }

    /// <summary>Adds what is missing, member by member: DDL cannot be undone, so a worker killed in between has left some of it.</summary>
    private static async Task UpgradeAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteBatchAsync(Encoding.ASCII.GetBytes(CreateSql), cancellationToken).ConfigureAwait(false);
        foreach (var (table, member, sql) in AddedInLayout2.Concat(AddedInLayout4).Concat(AddedInLayout5))
        {
            var there = await session.QueryRowsAsync($"SHOW COLUMNS FROM dts_migrate.`{table}` WHERE Field='{member}'", cancellationToken).ConfigureAwait(false);
            if (there.Count == 0)
            {
                await session.ExecuteAsync($"ALTER TABLE dts_migrate.`{table}` {sql}", cancellationToken).ConfigureAwait(false);
            }
        }

        await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE dts_migrate.layout SET version={Version} WHERE id=1 AND version<{Version}"), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int?> ReadVersionAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await session.QueryRowsAsync("SELECT version FROM dts_migrate.layout WHERE id=1", cancellationToken).ConfigureAwait(false);
            return rows.Count == 0 ? null : (int)rows[0].GetInt64(0);
        }
        catch (MySqlServerException e) when (e.Errno is NoSuchDatabase or NoSuchTable or Deadlock)
        {
            // A deadlock, with the statements of whoever is creating it, is the first look's alone: the second is taken under the lock.
            return null;
        }
    }
}
