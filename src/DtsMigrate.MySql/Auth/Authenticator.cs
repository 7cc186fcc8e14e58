using System.Security.Cryptography;
using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Auth;

/// <summary>
/// The conversation between handshake response and OK, without I/O: <see cref="FirstResponse"/> goes into the handshake response, then
/// each packet of the server goes to <see cref="Next"/>, whose answer is sent.
/// </summary>
/// <remarks>Server source documentation: "Authentication Phase", and the plugins' own pages.</remarks>
internal sealed class Authenticator
{
    private const byte FastAuthDone = 0x03;
    private const byte FullAuthNeeded = 0x04;
    private const byte CachingSha2AskForKey = 0x02;
    private const byte Sha256AskForKey = 0x01;
    private const byte MoreData = 0x01;

    // An honest server needs at most: switch, ask, key.
    private const int MaxRounds = 10;

    private readonly MySqlSessionOptions _options;
    private readonly bool _tls;
    private byte[] _challenge;
    private bool _keyAsked;
    private bool _clearSent;
    private int _rounds;

    public Authenticator(MySqlSessionOptions options, bool tls, string serverPlugin, byte[] challenge)
    {
        _options = options;
        _tls = tls;
        _challenge = challenge;

        // Other plugins are waited for: the server asks for them by an authentication switch, so nothing secret goes out unasked.
        Plugin = serverPlugin == AuthPluginNames.NativePassword ? serverPlugin : AuthPluginNames.CachingSha2;
    }

    /// <summary>Plugin in use.</summary>
    public string Plugin { get; private set; }

    /// <summary>Data for the handshake response.</summary>
    public byte[] FirstResponse() => Start();

    /// <summary>Takes one packet of the server.</summary>
    /// <returns>True when authentication is complete; else <paramref name="answer"/> is to be sent unless it is null.</returns>
    /// <exception cref="MySqlServerException">The server refused.</exception>
    public bool Next(ReadOnlySpan<byte> payload, out byte[]? answer)
    {
        answer = null;
        if (++_rounds > MaxRounds)
        {
            throw new MySqlProtocolException("The server does not come to an end with authentication.");
        }

        switch (payload.IsEmpty ? -1 : payload[0])
        {
            case OkPayload.Header:
                return true;
            case ErrPayload.Header:
                throw ErrPayload.Parse(payload).ToException();
            case AuthSwitchPayload.Header:
                var request = AuthSwitchPayload.Parse(payload);
                Plugin = request.Plugin;
                _challenge = request.Scramble;
                _keyAsked = false;
                answer = Start();
                return false;
            case MoreData:
                answer = Continue(payload[1..]);
                return false;
            default:
                throw new MySqlProtocolException($"Unexpected packet during authentication by {Plugin}: {Convert.ToHexString(payload[..Math.Min(8, payload.Length)])}.");
        }
    }

    private byte[] Start() => Plugin switch
    {
        AuthPluginNames.NativePassword => WithPassword(password => Scramble.Native(password[..^1], _challenge)),
        AuthPluginNames.CachingSha2 => WithPassword(password => Scramble.CachingSha2(password[..^1], _challenge)),
        AuthPluginNames.Sha256 => StartSha256(),
        AuthPluginNames.ClearText => StartClearText(),
        _ => throw Unsupported($"The account uses the authentication plugin {Plugin}, which is not supported.",
            "Use an account with caching_sha2_password."),
    };

    private byte[]? Continue(ReadOnlySpan<byte> data)
    {
        if (_keyAsked)
        {
            _keyAsked = false;
            byte[] pem = data.ToArray();
            return WithPassword(password => RsaPassword.Encrypt(password, _challenge, pem));
        }

        if (Plugin == AuthPluginNames.CachingSha2 && data.Length == 1 && !_clearSent)
        {
            return data[0] switch
            {
                FastAuthDone => null,
                FullAuthNeeded => FullExchange(CachingSha2AskForKey),
                _ => throw new MySqlProtocolException($"Unknown step 0x{data[0]:X2} of caching_sha2_password."),
            };
        }

        throw new MySqlProtocolException($"The server sent data that {Plugin} does not expect at this point ({data.Length} bytes).");
    }

    private byte[] StartSha256() => _options.Password.Reveal().Length == 0 ? [0] : FullExchange(Sha256AskForKey);

    private byte[] StartClearText()
    {
        if (!_tls)
        {
            throw Unsupported("The account uses mysql_clear_password and the connection has no TLS: the password would be readable on the network.",
                "Set TLS to Required, VerifyCA or VerifyFull.");
        }

        return _options.AllowClearTextPassword
            ? ClearPassword()
            : throw Unsupported("The account uses mysql_clear_password, which gives the password itself to the server, and this is not allowed.",
                "Allow clear-text passwords for this connection if the server is trusted with it.");
    }

    private byte[] FullExchange(byte askForKey)
    {
        if (_tls)
        {
            return ClearPassword();
        }

        if (!_options.AllowPublicKeyRetrieval)
        {
            throw Unsupported(
                $"The server wants the full {Plugin} exchange, which needs TLS or the server's RSA key, and fetching that key over an open network is not allowed.",
                "Set TLS to Required or better, or allow public key retrieval for this connection.");
        }

        _keyAsked = true;
        return [askForKey];
    }

    private byte[] ClearPassword()
    {
        _clearSent = true;
        return WithPassword(static password => password.ToArray());
    }

    private byte[] WithPassword(PasswordUse use)
    {
        byte[] password = Encoding.UTF8.GetBytes(_options.Password.Reveal() + "\0");
        try
        {
            return use(password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    private static MySqlConnectionException Unsupported(string message, string remedy) =>
        new("AuthenticationUnsupported", message) { IsTransient = false, RecommendedAction = remedy };

    /// <summary>Uses a password with its terminating NUL. The span is wiped afterwards.</summary>
    private delegate byte[] PasswordUse(Span<byte> password);
}
