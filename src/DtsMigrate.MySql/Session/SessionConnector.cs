using System.Globalization;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DtsMigrate.MySql.Auth;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>TCP, greeting, TLS, authentication: everything up to the first command, under one time limit.</summary>
/// <remarks>Server source documentation: "Connection Phase".</remarks>
internal sealed class SessionConnector
{
    /// <summary>Nothing before the first command is larger; the peer may be anybody.</summary>
    private const int MaxPayloadWhileConnecting = 64 << 10;

    private static readonly string ClientVersion =
        typeof(SessionConnector).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private readonly MySqlSessionOptions _options;
    private readonly TimeProvider _time;
    private readonly TlsUpgrade? _tls;

    public SessionConnector(MySqlSessionOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _tls = options.Tls == TlsMode.Disabled ? null : new TlsUpgrade(options);
    }

    /// <summary>Version of the server; set when <see cref="ConnectAsync"/> has returned.</summary>
    public ServerVersion? Version { get; private set; }

    /// <summary>Which connection of which server this is; set when <see cref="ConnectAsync"/> has returned.</summary>
    public SessionIdentity? Identity { get; private set; }

    /// <summary>Protocol and cipher; null without TLS.</summary>
    public string? TlsInForce { get; private set; }

    public async Task<SessionWire> ConnectAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await ConnectWithinAsync(limit.Token, either.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (either.IsCancellationRequested && IsConsequence(fault))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new MySqlConnectionException(
                "ConnectTimeout",
                string.Create(CultureInfo.InvariantCulture, $"{Endpoint} did not complete connect, TLS and authentication within {_options.ConnectTimeout.TotalSeconds:0.###} s."),
                fault);
        }
    }

    private string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{_options.Host}:{_options.Port}");

    /// <summary>Faults that an abort of the socket or a cancelled wait causes. A refusal by the server that came first is not one.</summary>
    private static bool IsConsequence(Exception fault) =>
        fault is OperationCanceledException or MySqlConnectionException { IsTransient: true } || Transport.IsIoFault(fault);

    private async Task<SessionWire> ConnectWithinAsync(CancellationToken limit, CancellationToken either)
    {
        var socket = await SocketConnector.ConnectAsync(_options.Host, _options.Port, either).ConfigureAwait(false);
        var wire = new SessionWire(new Transport(socket, Endpoint, _time));
        try
        {
            using var abort = either.UnsafeRegister(
                state => ((Transport)state!).Abort(limit.IsCancellationRequested ? AbortReason.ConnectTimeout : AbortReason.Cancelled), wire.Transport);
            wire.Input.MaxPayload = MaxPayloadWhileConnecting;
            await GreetAsync(wire, either).ConfigureAwait(false);
            await IdentifyAsync(wire).ConfigureAwait(false);
            wire.Input.MaxPayload = PacketInput.DefaultMaxPayload;
            wire.Transport.ReadLimit = _options.ReadTimeout;
            wire.Transport.WriteLimit = _options.WriteTimeout;
        }
        catch
        {
            wire.Close(recycleBuffers: false);
            throw;
        }

        if (wire.Transport.Aborted != AbortReason.None)
        {
            // The limit passed between the last packet and here.
            var lost = wire.Transport.Describe(null);
            wire.Close(recycleBuffers: false);
            throw lost;
        }

        return wire;
    }

    private async Task GreetAsync(SessionWire wire, CancellationToken cancellationToken)
    {
        await wire.Input.ReadAsync().ConfigureAwait(false);
        if (ErrPayload.Is(wire.Input.Payload))
        {
            // Too many connections, host blocked, host not allowed: said before the greeting.
            throw ErrPayload.Parse(wire.Input.Payload).ToException();
        }

        var greeting = HandshakePayload.Parse(wire.Input.Payload);
        Version = ServerVersionParser.Parse(greeting.ServerVersion);
        Identity = new SessionIdentity(string.Empty, greeting.ConnectionId);
        bool tls = UseTls(greeting.Capabilities);
        var capabilities = HandshakeResponse.Negotiate(greeting.Capabilities, tls, _options.Database is not null);
        wire.Capabilities = capabilities;
        if (tls)
        {
            await StartTlsAsync(wire, capabilities, cancellationToken).ConfigureAwait(false);
        }

        var authenticator = new Authenticator(_options, tls, greeting.AuthPlugin, greeting.Scramble);
        using (var response = new PayloadBuilder())
        {
            HandshakeResponse.Write(response, capabilities, _options.User, authenticator.FirstResponse(), _options.Database, authenticator.Plugin, Attributes());
            await wire.Output.WritePayloadAsync(response.Written).ConfigureAwait(false);
        }

        await AuthenticateAsync(wire, authenticator).ConfigureAwait(false);
    }

    private bool UseTls(CapabilityFlags server)
    {
        if (_options.Tls == TlsMode.Disabled)
        {
            return false;
        }

        if (server.HasFlag(CapabilityFlags.Ssl))
        {
            return true;
        }

        return _options.Tls == TlsMode.Preferred
            ? false
            : throw new MySqlConnectionException("TlsUnavailable", $"{Endpoint} offers no TLS and the connection asks for {_options.Tls}.")
            {
                IsTransient = false,
                RecommendedAction = "Enable TLS on the server, or choose TLS mode Preferred or Disabled if the network is trusted.",
            };
    }

    private async Task StartTlsAsync(SessionWire wire, CapabilityFlags capabilities, CancellationToken cancellationToken)
    {
        if (wire.Input.HasUnread)
        {
            // Bytes sent in the clear would be taken for the encrypted conversation: somebody in between may have put them there.
            throw new MySqlProtocolException($"{Endpoint} sent data after its greeting, before TLS.");
        }

        using (var request = new PayloadBuilder())
        {
            HandshakeResponse.WriteSslRequest(request, capabilities);
            await wire.Output.WritePayloadAsync(request.Written).ConfigureAwait(false);
        }

        try
        {
            var tls = await _tls!.RunAsync(wire.Transport.Stream, cancellationToken).ConfigureAwait(false);
            wire.Transport.Stream = tls;
            TlsInForce = TlsUpgrade.Describe(tls);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            throw wire.Transport.Describe(fault);
        }
    }

    private static async Task AuthenticateAsync(SessionWire wire, Authenticator authenticator)
    {
        while (true)
        {
            await wire.Input.ReadAsync().ConfigureAwait(false);
            if (authenticator.Next(wire.Input.Payload, out byte[]? answer))
            {
                return;
            }

            if (answer is not null)
            {
                await wire.Output.WritePayloadAsync(answer).ConfigureAwait(false);
                CryptographicOperations.ZeroMemory(answer);
            }
        }
    }

    /// <summary>
    /// Makes utf8mb4 certain, because <c>skip-character-set-client-handshake</c> overrides what the greeting asked for, and learns
    /// which server this is, so that a later kill cannot hit another one.
    /// </summary>
    private async Task IdentifyAsync(SessionWire wire)
    {
        var sql = Version!.IsMariaDb ? "SET NAMES utf8mb4; SELECT CONNECTION_ID(), ''"u8 : "SET NAMES utf8mb4; SELECT CONNECTION_ID(), @@server_uuid"u8;
        byte[] command = sql.ToArray();
        var response = new ResponseReader(wire);
        response.Begin(Encoding.UTF8.GetString(command));
        await wire.Output.WriteCommandAsync(Command.Query, command).ConfigureAwait(false);
        if (await response.ReadHeadAsync().ConfigureAwait(false) != ResponseKind.Ok ||
            !response.MoreResults ||
            await response.ReadHeadAsync().ConfigureAwait(false) != ResponseKind.Rows ||
            !await response.ReadRowAsync().ConfigureAwait(false))
        {
            throw new MySqlProtocolException($"{Endpoint} did not answer the first statements as asked.");
        }

        Identity = ReadIdentity(wire.Input.Payload);
        await response.DrainAsync(insideRows: true, dropped: null).ConfigureAwait(false);
    }

    private SessionIdentity ReadIdentity(ReadOnlySpan<byte> row)
    {
        var fields = new TextRowReader(row);
        bool complete = fields.ReadField(out var id);
        if (complete && ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out ulong connectionId) && fields.ReadField(out var uuid))
        {
            return new SessionIdentity(Encoding.UTF8.GetString(uuid), connectionId);
        }

        throw new MySqlProtocolException($"{Endpoint} did not tell its connection id.");
    }

    private List<KeyValuePair<string, string>> Attributes() =>
    [
        new("_client_name", "DtsMigrate.MySql"),
        new("_client_version", ClientVersion),
        new("_os", RuntimeInformation.RuntimeIdentifier),
        new("_platform", RuntimeInformation.ProcessArchitecture.ToString()),
        new("_pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
        new("program_name", _options.ProgramName),
    ];
}
