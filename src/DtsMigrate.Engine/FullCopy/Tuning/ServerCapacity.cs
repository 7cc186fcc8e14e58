using System.Globalization;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Tuning;

/// <summary>What a server shows of its size. SQL tells neither processors nor disks: these are hints.</summary>
internal sealed record ServerCapacity
{
    private const int NoSuchTable = 1146;
    private const int TableAccessDenied = 1142;

    /// <summary>innodb_buffer_pool_size in bytes.</summary>
    public required long BufferPoolBytes { get; init; }

    /// <summary>Connections that are free: max_connections less Threads_connected.</summary>
    public required long FreeConnections { get; init; }

    /// <summary>Processors as derived from a default that the server computes from them; null where it tells nothing.</summary>
    public int? Processors { get; init; }

    /// <summary>Reads it.</summary>
    public static async Task<ServerCapacity> ReadAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var variables = await session.QueryRowsAsync(
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('innodb_buffer_pool_size','max_connections','innodb_read_io_threads')", cancellationToken).ConfigureAwait(false);
        var values = variables.ToDictionary(r => r.GetString(0).ToLowerInvariant(), r => long.Parse(r.GetString(1), CultureInfo.InvariantCulture), StringComparer.Ordinal);
        var connected = await session.QueryRowsAsync("SHOW GLOBAL STATUS LIKE 'Threads_connected'", cancellationToken).ConfigureAwait(false);
        return new ServerCapacity
        {
            BufferPoolBytes = values["innodb_buffer_pool_size"],
            FreeConnections = values["max_connections"] - long.Parse(connected[0].GetString(1), CultureInfo.InvariantCulture),
            Processors = await ReadProcessorsAsync(session, values["innodb_read_io_threads"], cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Since 8.4 the default of innodb_read_io_threads is half of the processors, at least 4. A value that was set tells nothing, nor does the least one.</summary>
    private static async Task<int?> ReadProcessorsAsync(MySqlSession session, long readThreads, CancellationToken cancellationToken)
    {
        const int Least = 4;
        if (!session.ServerVersion.IsAtLeast(8, 4) || readThreads <= Least)
        {
            return null;
        }

        try
        {
            var rows = await session.QueryRowsAsync(
                "SELECT 1 FROM performance_schema.variables_info WHERE VARIABLE_NAME='innodb_read_io_threads' AND VARIABLE_SOURCE='COMPILED'", cancellationToken).ConfigureAwait(false);
            return rows.Count == 0 ? null : (int)Math.Min(2 * readThreads, 1024);
        }
        catch (MySqlServerException e) when (e.Errno is NoSuchTable or TableAccessDenied)
        {
            return null;
        }
    }
}
