using System.Globalization;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Wire;

[Collection(AloneCollection.Name)]
public sealed class ServerBufferTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_server_with_an_enlarged_buffer_writes_results_in_fewer_pieces()
    {
        await using var observer = await WireServer.ConnectAsync();
        const string instruments = "UPDATE performance_schema.setup_instruments SET enabled = '{0}', timed = '{0}' WHERE name LIKE 'wait/io/socket/sql/client_connection'";
        await observer.ExecuteAsync(string.Format(CultureInfo.InvariantCulture, instruments, "YES"));
        try
        {
            // TLS cuts what it sends into records of 16 KiB, whatever the size of the buffer.
            var options = WireServer.Options(await SharedServers.SourceAsync(None)) with { Tls = TlsMode.Disabled, AllowPublicKeyRetrieval = true };
            await using var plain = await WireServer.ConnectAsync(options);
            await using var enlarged = await WireServer.ConnectAsync(options);
            await enlarged.EnlargeServerBufferAsync(None);

            long many = await WritesForRowsAsync(observer, plain);
            long few = await WritesForRowsAsync(observer, enlarged);

            Assert.True(many >= 8 * few && few > 0, $"{many} writes of the server before, {few} after");
        }
        finally
        {
            await observer.ExecuteAsync(string.Format(CultureInfo.InvariantCulture, instruments, "NO"));
        }
    }

    [Fact]
    public async Task A_server_that_takes_only_short_statements_is_left_as_it_is()
    {
        await using var observer = await WireServer.ConnectAsync();
        string before = await observer.ScalarAsync("SELECT @@GLOBAL.max_allowed_packet");
        await observer.ExecuteAsync("SET GLOBAL max_allowed_packet = 262144");
        try
        {
            await using var session = await WireServer.ConnectAsync();
            await session.EnlargeServerBufferAsync(None);

            Assert.False(session.IsBroken);
            Assert.Equal("262144", await session.ScalarAsync("SELECT @@max_allowed_packet"));
        }
        finally
        {
            await observer.ExecuteAsync("SET GLOBAL max_allowed_packet = " + before);
        }
    }

    private static async Task<long> WritesForRowsAsync(MySqlSession observer, MySqlSession session)
    {
        await session.ExecuteAsync("SET SESSION cte_max_recursion_depth = 100000");
        string writes =
            "SELECT s.count_write FROM performance_schema.socket_summary_by_instance s JOIN performance_schema.socket_instances i USING (object_instance_begin) " +
            $"JOIN performance_schema.threads t USING (thread_id) WHERE t.processlist_id = {session.ConnectionId}";
        long before = long.Parse(await observer.ScalarAsync(writes), CultureInfo.InvariantCulture);
        var rows = await session.QueryRowsAsync("WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 40000) SELECT REPEAT('z', 100) FROM n", None);
        Assert.Equal(40_000, rows.Count);
        return long.Parse(await observer.ScalarAsync(writes), CultureInfo.InvariantCulture) - before;
    }
}
