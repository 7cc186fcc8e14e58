using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DtsMigrate.Engine.Tests.Alerts;

/// <summary>A mail server for one mail: in the clear, with STARTTLS, or with TLS from the first byte; with an account where it has TLS.</summary>
internal sealed class FakeMailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly bool _startTls;
    private readonly bool _implicit;

    public FakeMailServer(bool startTls = false, bool isImplicit = false, string name = "127.0.0.1")
    {
        _startTls = startTls;
        _implicit = isImplicit;
        _certificate = Certificate(name);
        _listener.Start();
        Conversation = TalkAsync();
    }

    /// <summary>Address as <c>host:port</c>.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What the client has sent, with <c>[TLS]</c> where TLS began; completes with the connection.</summary>
    public Task<string> Conversation { get; }

    /// <summary>The authority of its certificate as PEM.</summary>
    public string Authority => _certificate.ExportCertificatePem();

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private async Task<string> TalkAsync()
    {
        var text = new StringBuilder();
        using TcpClient client = await _listener.AcceptTcpClientAsync();
        Stream stream = client.GetStream();
        try
        {
            if (_implicit)
            {
                stream = await SecureAsync(stream, text);
            }

            await SayAsync(stream, "220 test");
            bool secure = _implicit;
            bool data = false;
            while (await ReadLineAsync(stream) is { } line)
            {
                text.AppendLine(line);
                if (data && line != ".")
                {
                    continue;
                }

                string word = line.Split(' ')[0].ToUpperInvariant();
                data = word == "DATA";
                await SayAsync(stream, word switch
                {
                    "EHLO" => $"250-test\r\n{(_startTls && !secure ? "250-STARTTLS\r\n" : string.Empty)}{(secure ? "250-AUTH PLAIN\r\n" : string.Empty)}250 8BITMIME",
                    "STARTTLS" => "220 go",
                    "AUTH" => "235 welcome",
                    "DATA" => "354 go",
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                });
                if (word == "STARTTLS")
                {
                    stream = await SecureAsync(stream, text);
                    secure = true;
                }

                if (word == "QUIT")
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // A client that does not trust the certificate goes away.
            text.AppendLine("[gone]");
        }

        return text.ToString();
    }

    private async Task<Stream> SecureAsync(Stream stream, StringBuilder text)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(_certificate);
        text.AppendLine("[TLS]");
        return secure;
    }

    private static async Task SayAsync(Stream stream, string words)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(words + "\r\n"));
        await stream.FlushAsync();
    }

    private static async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
