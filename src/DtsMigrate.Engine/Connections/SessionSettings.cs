using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Connections;

/// <summary>The SET statements of each purpose, one batch per session, holding only what the server's version knows and any account may set.</summary>
internal static class SessionSettings
{
    /// <summary>Seconds. Longer than any pause that back-pressure, a lock wait or a throttle can cause on the other side of the pipe.</summary>
    private const string Timeouts = "net_read_timeout=3600,net_write_timeout=3600,wait_timeout=604800";

    /// <summary>The batch for a purpose.</summary>
    public static byte[] Batch(SessionPurpose purpose, ServerVersion version)
    {
        var sql = new StringBuilder();
        sql.Append("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;SET ");
        sql.Append(purpose is SessionPurpose.ReadRows or SessionPurpose.WriteRows ? "NAMES binary," : "NAMES utf8mb4,");
        sql.Append(Timeouts);

        // A server-wide default of these would cut results short, chain transactions or move zones without a word.
        sql.Append(",autocommit=1,completion_type=0,sql_select_limit=18446744073709551615,sql_big_selects=1,sql_safe_updates=0,time_zone='+00:00'");
        sql.Append(",sql_mode='").Append(SqlMode(purpose)).Append('\'');
        if (version.IsAtLeast(5, 7, 8))
        {
            sql.Append(",max_execution_time=0");
        }

        if (version.IsAtLeast(8, 0, 32))
        {
            sql.Append(",explain_format='TRADITIONAL'");
        }

        if (version.IsAtLeast(8, 0, 30))
        {
            sql.Append(",show_gipk_in_create_table_and_information_schema=ON");
        }

        if (purpose is SessionPurpose.Metadata && version.IsAtLeast(8))
        {
            // Estimates are for the progress display: fresh ones, not those of the last day.
            sql.Append(",information_schema_stats_expiry=0");
        }

        if (purpose is SessionPurpose.ReadRows)
        {
            // Lists of JSON nodes (JsonWalk); one that is cut off would be noticed, and stop the task.
            sql.Append(",group_concat_max_len=1073741824");
        }

        if (purpose is SessionPurpose.WriteRows or SessionPurpose.WriteSchema)
        {
            // The migration's own writes: guarded triggers stay silent for them.
            sql.Append(',').Append(TriggerGuard.Variable).Append("=1");

            // Waits end well before the retry window does, so that a stuck lock is seen and told.
            sql.Append(",foreign_key_checks=0,unique_checks=1,innodb_lock_wait_timeout=20,lock_wait_timeout=120,sql_notes=1");

            // Key lists of a merged batch are long; the range optimiser must not fall back to a scan for want of memory.
            sql.Append(",range_optimizer_max_mem_size=0");
        }

        if (purpose is SessionPurpose.WriteSchema && version.IsAtLeast(8, 0, 27))
        {
            // Keys of an index under construction are sorted in it, by default in 1 MiB; the administrator may have given more. Threads are left to the server.
            sql.Append(",innodb_ddl_buffer_size=CAST(GREATEST(@@SESSION.innodb_ddl_buffer_size,33554432) AS UNSIGNED)");
        }

        return Encoding.UTF8.GetBytes(sql.ToString());
    }

    /// <summary>Shorter timeouts for a session, after its batch.</summary>
    public static string Silence(TimeSpan limit) =>
        string.Create(CultureInfo.InvariantCulture, $"SET SESSION wait_timeout={(int)limit.TotalSeconds}, net_read_timeout={(int)limit.TotalSeconds}, net_write_timeout={(int)limit.TotalSeconds}");

    /// <summary>Settings that some accounts may not change: read first, set only where they differ.</summary>
    public static IReadOnlyList<RestrictedSetting> Restricted(SessionPurpose purpose, ServerVersion version, bool destinationBinlog)
    {
        var settings = new List<RestrictedSetting>();
        if (purpose is SessionPurpose.WriteRows or SessionPurpose.WriteSchema && !destinationBinlog)
        {
            // Going on would write to the binary log although the task says not to.
            settings.Add(new RestrictedSetting("sql_log_bin", "0", Harmless: false));
        }

        if (purpose is SessionPurpose.WriteRows)
        {
            // Harmless: with fewer warnings to look at, a chunk with more collisions than that takes the strict road.
            settings.Add(new RestrictedSetting("max_error_count", "65535", Harmless: true));
        }

        if (purpose is SessionPurpose.WriteSchema)
        {
            // Without it a NOT NULL TIMESTAMP without default gets one that the source does not have.
            settings.Add(new RestrictedSetting("explicit_defaults_for_timestamp", "1", Harmless: false));
            if (version.IsAtLeast(8, 0, 30))
            {
                // With it on, a table without a key gets a column that the source does not have.
                settings.Add(new RestrictedSetting("sql_generate_invisible_primary_key", "0", Harmless: false));
            }

            if (version.IsAtLeast(8, 0, 13))
            {
                // Harmless: where it stays on, CREATE TABLE of a table without a key fails with the server's own error 3750.
                settings.Add(new RestrictedSetting("sql_require_primary_key", "0", Harmless: true));
            }
        }

        return settings;
    }

    private static string SqlMode(SessionPurpose purpose) => purpose switch
    {
        SessionPurpose.WriteRows or SessionPurpose.WriteSchema => "NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION",

        // Nothing that changes how a value is shown, as PAD_CHAR_TO_FULL_LENGTH would; and 31 February is a legal bound of a chunk.
        _ => "ALLOW_INVALID_DATES",
    };
}
