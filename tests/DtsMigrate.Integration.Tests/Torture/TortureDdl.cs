using System.Globalization;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>DDL in the middle of the writers: columns and indexes that come and go, tables that are created, filled, renamed, truncated and dropped.</summary>
internal sealed class TortureDdl(Random random)
{
    private static readonly string[] Altered = ["numbers", "times", "composite", "tree", "parts", "uniqueonly"];

    private readonly List<string> _own = [];
    private readonly List<(string Table, string Column)> _columns = [];
    private readonly List<(string Table, string Index)> _indexes = [];
    private int _last;

    /// <summary>Runs one statement, and what belongs to it; what the server refuses is left.</summary>
    public async Task RunAsync(MySqlSession session)
    {
        try
        {
            await RunOneAsync(session);
        }
        catch (MySqlServerException e) when (e.Errno is 1205 or 1213)
        {
            // Writers were in its way.
        }
    }

    private async Task RunOneAsync(MySqlSession session)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"x{++_last}");
        string table = Altered[random.Next(Altered.Length)];
        switch (random.Next(8))
        {
            case 0 or 1:
                await session.ExecuteAsync($"ALTER TABLE {table} ADD COLUMN {name} {(random.Next(2) == 0 ? "INT DEFAULT 7" : "VARCHAR(20) DEFAULT 'ü'")}{(random.Next(2) == 0 ? " FIRST" : string.Empty)}", CancellationToken.None);
                _columns.Add((table, name));
                break;
            case 2 when _columns.Count > 0:
                var column = Take(_columns);
                await session.ExecuteAsync($"ALTER TABLE {column.Table} DROP COLUMN {column.Column}", CancellationToken.None);
                break;
            case 3 when _indexes.Count > 0:
                var index = Take(_indexes);
                await session.ExecuteAsync($"DROP INDEX {index.Index} ON {index.Table}", CancellationToken.None);
                break;
            case 3 or 2:
                await session.ExecuteAsync($"CREATE INDEX {name} ON numbers (s, t)", CancellationToken.None);
                _indexes.Add(("numbers", name));
                break;
            case 4 when _own.Count > 1:
                string first = Take(_own);
                string second = Take(_own);
                await session.ExecuteAsync($"RENAME TABLE {first} TO {name}, {second} TO {first}, {name} TO {second}", CancellationToken.None);
                _own.AddRange([first, second]);
                break;
            case 5 when _own.Count > 0:
                string gone = Take(_own);
                await session.ExecuteAsync($"{(random.Next(2) == 0 ? "DROP" : "TRUNCATE")} TABLE {gone}", CancellationToken.None);
                break;
            case 6 when _own.Count > 0:
                string old = Take(_own);
                await session.ExecuteAsync($"ALTER TABLE {old} RENAME TO {name}, ADD COLUMN {name}c INT", CancellationToken.None);
                _own.Add(name);
                await FillAsync(session, name);
                break;
            default:
                await session.ExecuteAsync(
                    random.Next(2) == 0 ? $"CREATE TABLE {name} (id INT AUTO_INCREMENT PRIMARY KEY, v INT)" : $"CREATE TABLE {name} (PRIMARY KEY (id)) SELECT id, v FROM tree WHERE id<{random.Next(100)}",
                    CancellationToken.None);
                _own.Add(name);
                await FillAsync(session, name);
                break;
        }
    }

    private async Task FillAsync(MySqlSession session, string table) =>
        await session.ExecuteAsync($"INSERT IGNORE INTO {table} (id, v) VALUES ({random.Next(500, 1000)},{random.Next()}),({random.Next(500, 1000)},1)", CancellationToken.None);

    private T Take<T>(List<T> from)
    {
        int at = random.Next(from.Count);
        var taken = from[at];
        from.RemoveAt(at);
        return taken;
    }
}
