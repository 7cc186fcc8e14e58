using System.Globalization;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Connections;

/// <summary>
/// The addresses of one side. Of several the one that may be written to is taken, and stayed with while it may: the members of a group-replication cluster that are not its primary are
/// read-only, as is one that has left the group, and a replica that has not been promoted. A source that nobody may write to, because it is about to be cut over, is stayed with all the same.
/// </summary>
internal sealed class ServerAddresses
{
    private readonly (string Host, int Port)[] _all;
    private volatile int _current;

    private readonly bool _staysReadOnly;

    /// <summary>Reads the addresses.</summary>
    /// <param name="definition">The side.</param>
    /// <param name="staysReadOnly">While none may be written to, the one that was used last is good enough: it is only read.</param>
    public ServerAddresses(ConnectionDefinition definition, bool staysReadOnly)
    {
        _staysReadOnly = staysReadOnly;
        _all = [(definition.Host, definition.Port), .. Split(definition.OtherHosts).Select(static text => ReplicaAddress.Parse(text) ?? throw new ArgumentException($"'{text}' is not the address of a server."))];
    }

    /// <summary>The texts of a list of addresses.</summary>
    public static string[] Split(string? list) => list is null ? [] : list.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>Connects to the only server, or to the one of several that may be written to.</summary>
    /// <exception cref="MySqlConnectionException">Code <c>NoWritableServer</c>: none of several can be reached and written to now.</exception>
    public async Task<MySqlSession> ConnectAsync(MySqlSessionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_all.Length == 1)
        {
            return await MySqlSession.ConnectAsync(options, time, cancellationToken).ConfigureAwait(false);
        }

        var causes = new List<string>(_all.Length);
        Exception? last = null;
        MySqlSession? current = null;
        int first = _current;
        for (int i = 0; i < _all.Length; i++)
        {
            int index = (first + i) % _all.Length;
            var (host, port) = _all[index];
            try
            {
                var session = await MySqlSession.ConnectAsync(options with { Host = host, Port = port }, time, cancellationToken).ConfigureAwait(false);
                if (await IsWritableAsync(session, cancellationToken).ConfigureAwait(false))
                {
                    _current = index;
                    await CloseAsync(current).ConfigureAwait(false);
                    return session;
                }

                if (i == 0 && _staysReadOnly)
                {
                    current = session;
                }
                else
                {
                    await session.DisposeAsync().ConfigureAwait(false);
                }

                causes.Add(string.Create(CultureInfo.InvariantCulture, $"{host}:{port} is read-only"));
            }
            catch (DtsMigrateException e) when (e is MySqlConnectionException { IsTransient: true } or MySqlServerException)
            {
                causes.Add(e.Message.Contains(host, StringComparison.Ordinal) ? e.Message : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}: {e.Message}"));
                last = e;
            }
            catch
            {
                await CloseAsync(current).ConfigureAwait(false);
                throw;
            }
        }

        return current ?? throw new MySqlConnectionException("NoWritableServer", $"None of {_all.Length} servers can be written to now: {string.Join("; ", causes)}", last);
    }

    private static async Task CloseAsync(MySqlSession? session)
    {
        if (session is not null)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsWritableAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await session.QueryRowsAsync("SELECT @@GLOBAL.read_only, @@GLOBAL.super_read_only", cancellationToken).ConfigureAwait(false);
            return rows[0].GetString(0) == "0" && rows[0].GetString(1) == "0";
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
