using System.Text.RegularExpressions;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Schema;

/// <summary>Everything that a server says of the stored objects of a database, by means that the migration does not use: SHOW CREATE of each, and whole rows of information_schema.</summary>
internal static partial class ObjectDump
{
    private static readonly (string Kind, string List)[] Kinds =
    [
        ("VIEW", "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA='{0}'"),
        ("PROCEDURE", "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA='{0}' AND ROUTINE_TYPE='PROCEDURE'"),
        ("FUNCTION", "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA='{0}' AND ROUTINE_TYPE='FUNCTION'"),
        ("TRIGGER", "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA='{0}'"),
        ("EVENT", "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA='{0}'"),
        ("LIBRARY", "SELECT LIBRARY_NAME FROM information_schema.LIBRARIES WHERE LIBRARY_SCHEMA='{0}'"),
    ];

    private static readonly string[] Rows =
    [
        "SELECT 'order', TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA='{0}' ORDER BY 2",
        "SELECT 'event', EVENT_NAME, TIME_ZONE, EVENT_TYPE, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, STARTS, ENDS, STATUS, ON_COMPLETION, EVENT_COMMENT FROM information_schema.EVENTS WHERE EVENT_SCHEMA='{0}' ORDER BY 2",
        "SELECT 'column', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA='{0}' ORDER BY 2, ORDINAL_POSITION",
        "SELECT 'parameter', SPECIFIC_NAME, ORDINAL_POSITION, PARAMETER_NAME, DTD_IDENTIFIER, COLLATION_NAME FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA='{0}' ORDER BY 2, 3",
    ];

    /// <summary>The lines, by object; definers and SQL SECURITY are left out where asked.</summary>
    public static async Task<string> ReadAsync(MySqlServer server, string database, bool definers = true)
    {
        await using var session = await MySqlSession.ConnectAsync(
            new MySqlSessionOptions { Host = server.Host, Port = server.Port, User = server.User, Password = Secret.From(server.Password) }, TimeProvider.System, CancellationToken.None);
        await session.ExecuteAsync("SET NAMES utf8mb4, time_zone='+00:00'", CancellationToken.None);
        var lines = new List<string>();
        foreach (var (kind, list) in Kinds.Where(k => k.Kind != "LIBRARY" || session.ServerVersion.IsAtLeast(9, 2)))
        {
            foreach (var name in (await session.QueryRowsAsync(Of(list, database), CancellationToken.None)).Select(r => r.GetString(0)).Order(StringComparer.Ordinal))
            {
                var row = (await session.QueryRowsAsync($"SHOW CREATE {kind} {SqlText.Name(database, name)}", CancellationToken.None))[0];

                // The last column of a trigger is the moment of its creation.
                int count = kind == "TRIGGER" ? row.Count - 1 : row.Count;
                lines.Add($"{kind} {string.Join(" | ", Enumerable.Range(0, count).Select(i => row.GetStringOrNull(i)))}");
            }
        }

        foreach (string query in Rows)
        {
            lines.AddRange((await session.QueryRowsAsync(Of(query, database), CancellationToken.None)).Select(r => string.Join(" | ", Enumerable.Range(0, r.Count).Select(i => r.GetStringOrNull(i)))));
        }

        string text = string.Join('\n', lines);
        return definers ? text : Security().Replace(Definer().Replace(text, string.Empty), string.Empty);
    }

    private static string Of(string query, string database) => query.Replace("{0}", database.Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal);

    [GeneratedRegex("""DEFINER=[`"][^`"]*[`"]@[`"][^`"]*[`"] """)]
    private static partial Regex Definer();

    [GeneratedRegex("(\n    )?SQL SECURITY (DEFINER|INVOKER) ?")]
    private static partial Regex Security();
}
