using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Tuning;

/// <summary>A setting of the whole destination server.</summary>
/// <param name="Name">Name in <c>dts_migrate.server_setting</c>.</param>
/// <param name="Wanted">Value while rows are copied.</param>
/// <param name="AsGood">Other values that are left as they are.</param>
internal sealed record ServerSetting(string Name, string Wanted, params string[] AsGood)
{
    private const string RedoLog = "innodb_redo_log_enabled";

    /// <summary>All that may be changed, in the order in which they are.</summary>
    public static IReadOnlyList<ServerSetting> All { get; } =
    [
        new("innodb_flush_log_at_trx_commit", "2", "0"),
        new("sync_binlog", "0"),
        new(RedoLog, "OFF"),
    ];

    /// <summary>The settings that a task asks for.</summary>
    public static IEnumerable<ServerSetting> Of(DestinationTuning tuning) =>
        All.Where(setting => tuning.HasFlag(setting.Name == RedoLog ? DestinationTuning.RedoLogOff : DestinationTuning.RelaxedFlush));

    /// <summary>The value now.</summary>
    public async Task<string> ReadAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        // The redo log has a status and a statement in place of a variable.
        string sql = Name == RedoLog ? $"SHOW GLOBAL STATUS LIKE '{RedoLog}'" : $"SHOW GLOBAL VARIABLES LIKE '{Name}'";
        var rows = await session.QueryRowsAsync(sql, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? string.Empty : rows[0].GetString(1);
    }

    /// <summary>Sets a value.</summary>
    public Task SetAsync(MySqlSession session, string value, CancellationToken cancellationToken) =>
        session.ExecuteAsync(Name == RedoLog ? $"ALTER INSTANCE {(value == "ON" ? "ENABLE" : "DISABLE")} INNODB REDO_LOG" : $"SET GLOBAL {Name}={value}", cancellationToken);
}
