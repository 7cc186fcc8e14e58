using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Session;

/// <summary>Puts TLS over a connected stream and checks the certificate as the mode asks.</summary>
internal sealed class TlsUpgrade
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly MySqlSessionOptions _options;
    private readonly X509Certificate2Collection? _roots;
    private string? _refusal;

    /// <exception cref="MySqlConnectionException">TlsCaUnreadable: the CA file cannot be used. Thrown before anything is sent.</exception>
    public TlsUpgrade(MySqlSessionOptions options)
    {
        _options = options;
        if (options.Tls is TlsMode.VerifyCA or TlsMode.VerifyFull && options.TlsCaFile is not null)
        {
            _roots = LoadRoots(options.TlsCaFile);
        }
    }

    /// <summary>Runs the TLS handshake. I/O faults pass through; everything that is about TLS becomes TlsFailed.</summary>
    public async Task<SslStream> RunAsync(Stream stream, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false, Validate);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = _options.Host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                },
                cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch (AuthenticationException fault)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw new MySqlConnectionException("TlsFailed", $"TLS with {_options.Host}:{_options.Port} failed: {_refusal ?? fault.Message}", fault)
            {
                IsTransient = false,
                RecommendedAction = _refusal is null
                    ? "Check that the server offers TLS 1.2 or 1.3."
                    : "Check the CA file, the server's certificate and the host name used to connect.",
            };
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Protocol and cipher as MySQL and OpenSSL name them.</summary>
    public static string Describe(SslStream tls)
    {
        string protocol = tls.SslProtocol switch
        {
            SslProtocols.Tls12 => "TLSv1.2",
            SslProtocols.Tls13 => "TLSv1.3",
            var other => other.ToString(),
        };
        return $"{protocol} {tls.NegotiatedCipherSuite}";
    }

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_options.Tls is TlsMode.Preferred or TlsMode.Required)
        {
            return true;
        }

        if (certificate is null)
        {
            _refusal = "the server sent no certificate.";
            return false;
        }

        using var server = new X509Certificate2(certificate);
        _refusal = CheckChain(server, chain, errors) ?? CheckName(server);
        return _refusal is null;
    }

    private string? CheckChain(X509Certificate2 server, X509Chain? sent, SslPolicyErrors errors)
    {
        if (_roots is null)
        {
            return errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? "the certificate does not lead to a system root: " + Faults(sent) : null;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        foreach (var extra in sent?.ChainPolicy.ExtraStore ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(extra);
        }

        return chain.Build(server) ? null : $"the certificate does not lead to the CA of {_options.TlsCaFile}: {Faults(chain)}";
    }

    private string? CheckName(X509Certificate2 server) =>
        _options.Tls != TlsMode.VerifyFull || server.MatchesHostname(_options.Host)
            ? null
            : $"the certificate ({server.Subject}) is not for {_options.Host}.";

    private static string Faults(X509Chain? chain)
    {
        var faults = chain?.ChainStatus.Select(static status => $"{status.Status}").Distinct().ToArray() ?? [];
        return faults.Length == 0 ? "no chain." : string.Join(", ", faults) + ".";
    }

    private static X509Certificate2Collection LoadRoots(string file)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw Unreadable(file, fault.Message, fault);
        }

        return roots.Count > 0 ? roots : throw Unreadable(file, "it holds no certificate.", null);
    }

    private static MySqlConnectionException Unreadable(string file, string why, Exception? fault) =>
        new("TlsCaUnreadable", $"The CA file {file} cannot be used: {why}", fault)
        {
            IsTransient = false,
            RecommendedAction = "Give the path of a PEM file with the CA certificates.",
        };
}
