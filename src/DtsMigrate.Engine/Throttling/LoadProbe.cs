using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Throttling;

/// <summary>Asks one server for its signs of load, about every second, on a session of its own.</summary>
internal sealed class LoadProbe
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ServerConnector _server;
    private readonly List<Sign> _signs;
    private readonly IRunLog _log;
    private readonly TimeProvider _time;
    private volatile IReadOnlyList<LoadSample> _samples = [];
    private long _heardOf;

    /// <summary>Creates the probe.</summary>
    public LoadProbe(string name, ServerConnector server, IEnumerable<Sign> signs, IRunLog log, TimeProvider time)
    {
        Name = name;
        _server = server;
        _signs = [.. signs.Where(sign => sign.Limit > 0)];
        _log = log;
        _time = time;
        _heardOf = time.GetTimestamp();
    }

    /// <summary>Server, for messages.</summary>
    public string Name { get; }

    /// <summary>There is something to watch.</summary>
    public bool HasSigns => _signs.Count > 0;

    /// <summary>What was last seen.</summary>
    public IReadOnlyList<LoadSample> Samples => _samples;

    /// <summary>Time since the server last answered.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _heardOf));

    /// <summary>Asks until cancelled. A server that cannot be reached is asked again: its silence is what the governor sees.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        MySqlSession? session = null;
        try
        {
            while (_signs.Count > 0)
            {
                try
                {
                    session ??= await _server.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
                    _samples = await AskAsync(session, cancellationToken).ConfigureAwait(false);
                    Volatile.Write(ref _heardOf, _time.GetTimestamp());
                }
                catch (DtsMigrateException)
                {
                    // Told by the governor, once it has lasted. The copy's own sessions have their retries and their say.
                    await CloseAsync(session).ConfigureAwait(false);
                    session = null;
                }

                await Task.Delay(Period, _time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await CloseAsync(session).ConfigureAwait(false);
        }
    }

    private static ValueTask CloseAsync(MySqlSession? session) => session?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<List<LoadSample>> AskAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var samples = new List<LoadSample>(_signs.Count);
        foreach (Sign sign in _signs.ToList())
        {
            if (await sign.Ask(session, cancellationToken).ConfigureAwait(false) is { } value)
            {
                samples.Add(new LoadSample($"{sign.Name} of the {Name}", value, sign.Limit));
            }
            else
            {
                _signs.Remove(sign);
                _log.Write(LogLevel.Warning, "Throttle", $"{sign.Name} of the {Name} cannot be measured and is not watched: {sign.Remedy}");
            }
        }

        return samples;
    }

    /// <summary>A sign of load.</summary>
    /// <param name="Name">Name, for messages.</param>
    /// <param name="Limit">Limit; 0 for none.</param>
    /// <param name="Ask">Gives its value; null when the server does not tell.</param>
    /// <param name="Remedy">What it takes that the server tells.</param>
    public sealed record Sign(string Name, double Limit, Func<MySqlSession, CancellationToken, Task<double?>> Ask, string Remedy);
}
