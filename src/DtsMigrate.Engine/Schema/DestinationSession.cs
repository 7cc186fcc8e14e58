using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>Settings under which a definition means on the destination what it meant on the source.</summary>
internal static class DestinationSession
{
    /// <summary>
    /// STRICT_ALL_TABLES so that the server refuses what it would otherwise shorten; no NO_ZERO_DATE and ALLOW_INVALID_DATES so that defaults
    /// that the source holds are legal; no ANSI_QUOTES and NO_BACKSLASH_ESCAPES, as SHOW CREATE TABLE is read.
    /// </summary>
    private const string Basic =
        "SET SESSION sql_mode='STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES', foreign_key_checks=0, time_zone='+00:00'";

    // Each needs a privilege on current servers, so it is set only where its value is in the way.
    private static readonly (string Variable, string Wanted, string Effect)[] Privileged =
    [
        ("sql_generate_invisible_primary_key", "0", "tables without a primary key would get a hidden one"),
        ("sql_require_primary_key", "0", "tables without a primary key are refused"),
        ("explicit_defaults_for_timestamp", "1", "TIMESTAMP columns would get defaults of their own"),
        ("restrict_fk_on_non_standard_key", "0", "foreign keys to keys that are not unique are refused"),
    ];

    /// <summary>Applies the settings; one that the account may not change and that matters is logged.</summary>
    /// <returns>The variables that could not be set.</returns>
    public static async Task<IReadOnlyList<string>> PrepareAsync(MySqlSession session, IRunLog log, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("SET NAMES utf8mb4", cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(Basic, cancellationToken).ConfigureAwait(false);
        var refused = new List<string>();
        foreach (var (variable, wanted, effect) in Privileged)
        {
            var rows = await session.QueryRowsAsync($"SHOW SESSION VARIABLES LIKE '{variable}'", cancellationToken).ConfigureAwait(false);
            if (rows.Count == 0 || rows[0].GetString(1) == (wanted == "1" ? "ON" : "OFF"))
            {
                continue;
            }

            try
            {
                await session.ExecuteAsync($"SET SESSION {variable}={wanted}", cancellationToken).ConfigureAwait(false);
            }
            catch (MySqlServerException e)
            {
                refused.Add(variable);
                log.Write(LogLevel.Warning, "Schema", $"The destination does not let this account set {variable}={wanted}: {effect}. {e.Message}");
            }
        }

        return refused;
    }
}
