using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>Servers on loopback that form a single-primary group, the product's own means of high availability.</summary>
internal sealed class GroupReplicationCluster : IAsyncDisposable
{
    private static readonly TimeSpan FormLimit = TimeSpan.FromSeconds(120);

    private readonly int[] _ports;
    private readonly string _seeds;
    private readonly string _name = Guid.NewGuid().ToString();

    private GroupReplicationCluster(IReadOnlyList<MySqlServer> members, int[] ports)
    {
        Members = members;
        _ports = ports;
        _seeds = string.Join(',', ports.Select(static p => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{p}")));
    }

    public IReadOnlyList<MySqlServer> Members { get; }

    /// <summary>Starts a group; null where the server's package has no such plugin.</summary>
    public static async Task<GroupReplicationCluster?> StartAsync(int count, CancellationToken cancellationToken)
    {
        int[] ports = [.. Enumerable.Range(0, count).Select(_ => FreePort())];
        var members = new List<MySqlServer>();
        var cluster = new GroupReplicationCluster(members, ports);

        // Side by side: most of a start is waiting.
        var settings = new Dictionary<string, string?> { ["innodb-buffer-pool-size"] = "64M", ["report-host"] = "127.0.0.1" };
        Task<MySqlServer>[] starts =
            [.. Enumerable.Range(0, ports.Length).Select(i => MySqlServer.StartAsync(new MySqlServerOptions { Name = $"member{i}", Settings = settings }, cancellationToken))];
        try
        {
            members.AddRange(await Task.WhenAll(starts));
            for (int i = 0; i < ports.Length; i++)
            {
                try
                {
                    await members[i].RunSqlAsync("SET SQL_LOG_BIN=0; INSTALL PLUGIN group_replication SONAME 'group_replication.so';", cancellationToken);
                }
                catch (InvalidOperationException) when (i == 0)
                {
                    await cluster.DisposeAsync();
                    return null;
                }

                await members[i].RunSqlAsync(
                    $"SET GLOBAL group_replication_group_name='{cluster._name}'; SET GLOBAL group_replication_local_address='127.0.0.1:{ports[i]}'; SET GLOBAL group_replication_group_seeds='{cluster._seeds}';"
                    + $"SET GLOBAL group_replication_recovery_get_public_key=ON; SET GLOBAL group_replication_bootstrap_group={(i == 0 ? "ON" : "OFF")};"
                    + $"RESET BINARY LOGS AND GTIDS; START GROUP_REPLICATION USER='root', PASSWORD=''; SET GLOBAL group_replication_bootstrap_group=OFF;",
                    cancellationToken);
                int joined = i + 1;
                await WaitFor.ConditionAsync(async token => await OnlineAsync(members[0], token) == joined, FormLimit, $"{joined} members of the group", cancellationToken);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The member that the group has made its primary, asked of one that lives.</summary>
    public async Task<MySqlServer> PrimaryAsync(CancellationToken cancellationToken)
    {
        foreach (MySqlServer member in Members.Where(static m => m.Pid is not null))
        {
            string port = (await member.RunSqlAsync("SELECT MEMBER_PORT FROM performance_schema.replication_group_members WHERE MEMBER_ROLE='PRIMARY' AND MEMBER_STATE='ONLINE'", cancellationToken)).Trim();
            if (port.Length > 0)
            {
                return Members.Single(m => m.Port.ToString(CultureInfo.InvariantCulture) == port);
            }
        }

        throw new InvalidOperationException("the group has no primary");
    }

    /// <summary>A member that was started again joins the group.</summary>
    public async Task RejoinAsync(MySqlServer member, CancellationToken cancellationToken)
    {
        int index = Members.ToList().IndexOf(member);
        await member.RunSqlAsync(
            $"SET GLOBAL super_read_only=ON; SET GLOBAL group_replication_group_name='{_name}'; SET GLOBAL group_replication_local_address='127.0.0.1:{_ports[index]}'; SET GLOBAL group_replication_group_seeds='{_seeds}';"
            + "SET GLOBAL group_replication_recovery_get_public_key=ON; START GROUP_REPLICATION USER='root', PASSWORD='';",
            cancellationToken);
        await WaitFor.ConditionAsync(async token => await OnlineAsync(member, token) == Members.Count, FormLimit, "the member to be back", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (MySqlServer member in Members)
        {
            await member.DisposeAsync();
        }
    }

    private static async Task<int> OnlineAsync(MySqlServer member, CancellationToken cancellationToken) =>
        int.Parse(await member.RunSqlAsync("SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE MEMBER_STATE='ONLINE'", cancellationToken), CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
