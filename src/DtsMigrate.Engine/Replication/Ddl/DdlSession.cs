using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// The destination's session for DDL, opened when the first statement comes. Each statement runs in the settings of the session that ran it on the source. It holds a named lock: a
/// session that a dead connection has left in the middle of a statement is ended, and waited for, before another one begins.
/// </summary>
internal sealed class DdlSession(RunContext context, IReadOnlyDictionary<int, string> collations) : IAsyncDisposable
{
    private const int UnknownTimeZone = 1298;
    private const int AccessDenied = 1227;
    private const int NoSuchTable = 1146;
    private const int NoSuchDatabase = 1049;
    private const int NoSuchThread = 1094;
    private const int KillDenied = 1095;
    private const int TakeOverSeconds = 60;
    private const int Utf8mb4GeneralCi = 45;

    // Modes that 8.0 and later do not have any more (MySQL manual, "Server SQL Modes"), by their bits.
    private const ulong RemovedModes = 0x1003FF10;

    private const uint RelaxedUniqueChecks = 0x08000000;

    private MySqlSession? _session;
    private (string Engine, bool ExplicitTimestamps)? _defaults;

    /// <summary>Runs a statement in its context.</summary>
    /// <param name="sql">Statement, in the event's character set.</param>
    /// <param name="charset">That character set.</param>
    /// <param name="database">Database to be in; null for none.</param>
    /// <param name="query">The event with the context.</param>
    /// <param name="keepsZone">The statement makes an object that keeps the name of the session's time zone: an event.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MySqlServerException">The destination refused it.</exception>
    public async Task<StatementResult> RunAsync(ReadOnlyMemory<byte> sql, string charset, string? database, QueryEvent query, bool keepsZone, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (database is not null)
        {
            await session.ExecuteAsync($"USE {SqlText.Name(database)}", cancellationToken).ConfigureAwait(false);
        }

        await EnterAsync(session, charset, query, keepsZone, cancellationToken).ConfigureAwait(false);
        try
        {
            return (await session.ExecuteBatchAsync(sql, cancellationToken).ConfigureAwait(false))[^1];
        }
        finally
        {
            if (!session.IsBroken)
            {
                await session.ExecuteAsync("SET NAMES utf8mb4", CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Runs a statement of our own, with foreign key checks off.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("SET NAMES utf8mb4, foreign_key_checks=0, sql_mode='NO_ENGINE_SUBSTITUTION'", cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>True when a table or view is there.</summary>
    public async Task<bool> ExistsAsync(QualifiedName table, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("SET NAMES utf8mb4", cancellationToken).ConfigureAwait(false);
        try
        {
            await session.QueryRowsAsync($"SELECT 1 FROM {table.ToSql()} LIMIT 0", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (MySqlServerException failure) when (failure.Errno is NoSuchTable or NoSuchDatabase)
        {
            return false;
        }
    }

    /// <summary>Makes sure that no statement of an earlier session is still running.</summary>
    public Task EnsureAloneAsync(CancellationToken cancellationToken) => OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<MySqlSession> OpenAsync(CancellationToken cancellationToken)
    {
        if (_session is { IsBroken: false } open)
        {
            return open;
        }

        await DisposeAsync().ConfigureAwait(false);
        var session = await context.Destination.OpenAsync(SessionPurpose.WriteSchema, cancellationToken).ConfigureAwait(false);
        try
        {
            await TakeLockAsync(session, cancellationToken).ConfigureAwait(false);
            _session = session;
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task TakeLockAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        string name = SqlText.Literal("d" + ApplierSession.LockName(context.Task.Name));
        var used = await session.QueryRowsAsync($"SELECT IS_USED_LOCK({name})", cancellationToken).ConfigureAwait(false);
        if (!used[0].IsNull(0))
        {
            try
            {
                await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"KILL {used[0].GetInt64(0)}"), cancellationToken).ConfigureAwait(false);
            }
            catch (MySqlServerException failure) when (failure.Errno is NoSuchThread or KillDenied)
            {
                context.Log.Write(Progress.LogLevel.Info, "Incremental", $"The session of an earlier DDL statement was not ended: {failure.ServerMessage}");
            }
        }

        var taken = await session.QueryRowsAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT GET_LOCK({name},{TakeOverSeconds})"), cancellationToken).ConfigureAwait(false);
        if (taken[0].GetStringOrNull(0) != "1")
        {
            throw new DtsMigrateException("DdlStillRunning", "A DDL statement of an earlier session of this task is still running on the destination.")
            {
                IsTransient = true,
                RecommendedAction = "Wait for it, or end it with KILL on the destination.",
            };
        }
    }

    private async Task EnterAsync(MySqlSession session, string charset, QueryEvent query, bool keepsZone, CancellationToken cancellationToken)
    {
        var settings = query.Context;
        bool modern = session.ServerVersion.IsAtLeast(8);
        ulong mode = (settings.SqlMode ?? 0) & (modern ? ~RemovedModes : ulong.MaxValue);
        uint flags = settings.Flags2 ?? 0;

        var defaults = await DefaultsAsync(cancellationToken).ConfigureAwait(false);

        // Checks of foreign keys stay off: the source has made them, and here the parent's rows may still be on their way.
        var sql = new StringBuilder();
        sql.Append(CultureInfo.InvariantCulture, $"SET timestamp={query.Header.Timestamp}, sql_mode={mode}, default_storage_engine={defaults.Engine}");
        sql.Append(CultureInfo.InvariantCulture, $", foreign_key_checks=0, unique_checks={((flags & RelaxedUniqueChecks) == 0 ? 1 : 0)}");
        if (settings.AutoIncrement is { } increment)
        {
            sql.Append(CultureInfo.InvariantCulture, $", auto_increment_increment={increment.Increment}, auto_increment_offset={increment.Offset}");
        }

        if (settings.Charsets is { } charsets)
        {
            sql.Append(CultureInfo.InvariantCulture, $", collation_connection={Collation(charsets.Connection)}, collation_server={Collation(charsets.Server)}");
        }

        await session.ExecuteAsync(sql.ToString(), cancellationToken).ConfigureAwait(false);
        await SetTimeZoneAsync(session, query, keepsZone, cancellationToken).ConfigureAwait(false);
        await SetIfAllowedAsync(session, "explicit_defaults_for_timestamp", settings.ExplicitDefaultsForTimestamp ?? defaults.ExplicitTimestamps ? "1" : "0", cancellationToken).ConfigureAwait(false);
        if (modern && Utf8mb4Collation(settings, context.SourceFacts.Version) is { } id)
        {
            await SetIfAllowedAsync(session, "default_collation_for_utf8mb4", Collation(id), cancellationToken).ConfigureAwait(false);
        }

        // Last: from here on the session reads bytes in the event's character set.
        await session.ExecuteAsync($"SET character_set_client={charset}", cancellationToken).ConfigureAwait(false);
    }

    private string Collation(int id) =>
        Schema.DestinationTableCheck.NormalizeCharset(collations.GetValueOrDefault(id) is { } name ? context.Task.Options.CollationMap.Of(name) : null)
        ?? throw new DtsMigrateException("DdlNotExact", $"A statement's session has collation number {id}, which the source does not list.");

    /// <summary>
    /// The collation of <c>CHARACTER SET utf8mb4</c> without COLLATE. Before 8.0.1 that was always utf8mb4_general_ci, and the binary log does not tell it (Reference Manual,
    /// "default_collation_for_utf8mb4").
    /// </summary>
    internal static int? Utf8mb4Collation(QuerySessionContext settings, ServerVersion source) => settings.DefaultUtf8mb4Collation ?? (TakesGeneralCi(source) ? Utf8mb4GeneralCi : null);

    /// <summary>True for a server before 8.0.1: <see cref="Utf8mb4Collation"/> is utf8mb4_general_ci then.</summary>
    internal static bool TakesGeneralCi(ServerVersion source) => !source.IsAtLeast(8, 0, 1);

    // A statement without ENGINE gets the source's default; its session's own is not in the binary log. Neither is, in some versions, how the session took TIMESTAMP.
    private async Task<(string Engine, bool ExplicitTimestamps)> DefaultsAsync(CancellationToken cancellationToken)
    {
        if (_defaults is not { } known)
        {
            var source = await context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
            await using var scope = source.ConfigureAwait(false);
            var row = (await source.QueryRowsAsync("SELECT @@GLOBAL.default_storage_engine, @@GLOBAL.explicit_defaults_for_timestamp", cancellationToken).ConfigureAwait(false))[0];
            _defaults = known = (row.GetString(0), row.GetString(1) == "1");
        }

        return known;
    }

    // Zone tables need not be loaded on the destination, and SYSTEM is another zone there: then the source tells what the offset was.
    private async Task SetTimeZoneAsync(MySqlSession session, QueryEvent query, bool keepsZone, CancellationToken cancellationToken)
    {
        if (query.Context.TimeZone is not { Length: > 0 } zone)
        {
            return;
        }

        if (zone != "SYSTEM" || keepsZone)
        {
            try
            {
                await session.ExecuteAsync($"SET time_zone={SqlText.Literal(zone)}", cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (MySqlServerException failure) when (failure.Errno == UnknownTimeZone)
            {
                context.Log.Write(Progress.LogLevel.Info, "Incremental", $"The destination does not know time zone {zone}; the statement runs with the offset of its time.");
            }
        }

        var source = await context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using var scope = source.ConfigureAwait(false);
        string seconds = query.Header.Timestamp.ToString(CultureInfo.InvariantCulture);
        await source.ExecuteAsync($"SET time_zone={SqlText.Literal(zone)}", cancellationToken).ConfigureAwait(false);
        var rows = await source.QueryRowsAsync($"SELECT TIMESTAMPDIFF(MINUTE, '1970-01-01' + INTERVAL {seconds} SECOND, FROM_UNIXTIME({seconds}))", cancellationToken).ConfigureAwait(false);
        long minutes = rows[0].GetInt64(0);
        await session.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"SET time_zone='{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:00}:{Math.Abs(minutes) % 60:00}'"), cancellationToken).ConfigureAwait(false);
    }

    private static async Task SetIfAllowedAsync(MySqlSession session, string name, string? value, CancellationToken cancellationToken)
    {
        if (value is null)
        {
            return;
        }

        var now = (await session.QueryRowsAsync($"SELECT @@SESSION.{name}", cancellationToken).ConfigureAwait(false))[0].GetStringOrNull(0);
        if (now == value)
        {
            return;
        }

        try
        {
            await session.ExecuteAsync($"SET SESSION {name}={value}", cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException failure) when (failure.Errno == AccessDenied)
        {
            throw new DtsMigrateException("SessionSettingDenied", $"A DDL statement ran with {name}={value} on the source, and the destination's account may not set it.", failure)
            {
                Target = name,
                RecommendedAction = $"Grant SESSION_VARIABLES_ADMIN (SUPER on 5.7) to the account, or set {name}={value} for the server.",
            };
        }
    }
}
