using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Integration.Tests.Testing;

/// <summary>Ends sessions of a server, as its administrator would.</summary>
internal static class SessionKiller
{
    private const int UnknownThread = 1094;

    /// <summary>Kills the sessions whose ids a query gives; one that has ended by itself meanwhile is ended, too.</summary>
    /// <returns>How many the query gave.</returns>
    public static async Task<int> KillAsync(this MySqlSession session, string selectIds, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(selectIds, cancellationToken);
        foreach (var row in rows)
        {
            try
            {
                await session.ExecuteAsync($"KILL {row.GetInt64(0)}", cancellationToken);
            }
            catch (MySqlServerException e) when (e.Errno == UnknownThread)
            {
                // It has ended by itself.
            }
        }

        return rows.Count;
    }
}
