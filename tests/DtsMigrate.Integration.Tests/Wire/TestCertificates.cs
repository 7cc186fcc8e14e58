using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DtsMigrate.Integration.Tests.Wire;

/// <summary>A certificate authority of a test, with server certificates in PEM files as mysqld takes them.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dtsmigrate-tls-");
    private readonly X509Certificate2 _ca;

    public TestCertificates(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _ca = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        CaFile = Write($"{name}.pem", _ca.ExportCertificatePem());
    }

    public string CaFile { get; }

    /// <summary>Writes certificate and key of a server.</summary>
    public (string Certificate, string Key) Issue(string commonName, Action<SubjectAlternativeNameBuilder> names, bool expired = false)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var alternatives = new SubjectAlternativeNameBuilder();
        names(alternatives);
        request.CertificateExtensions.Add(alternatives.Build());
        var until = expired ? DateTimeOffset.UtcNow.AddHours(-1) : DateTimeOffset.UtcNow.AddHours(20);
        using var certificate = request.Create(_ca, DateTimeOffset.UtcNow.AddHours(-20), until, RandomNumberGenerator.GetBytes(8));
        return (Write($"{commonName}-cert.pem", certificate.ExportCertificatePem()), Write($"{commonName}-key.pem", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>Writes a file that holds the certificates of several files.</summary>
    public string Bundle(params string[] files) => Write("bundle.pem", string.Join("\n", files.Select(File.ReadAllText)));

    public static void Loopback(SubjectAlternativeNameBuilder names)
    {
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
    }

    public void Dispose()
    {
        _ca.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Write(string file, string text)
    {
        string path = Path.Combine(_folder.FullName, file);
        File.WriteAllText(path, text);
        return path;
    }
}
