using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace DtsMigrate.Engine.Alerts;

/// <summary>Sends an alert as mail. The certificate of the server is verified whenever TLS is used, and the password never goes without TLS.</summary>
internal static class AlertMail
{
    private const int PlainPort = 25;
    private const int ImplicitPort = 465;

    /// <summary>Sends it.</summary>
    /// <param name="options">Server, account, sender and receivers.</param>
    /// <param name="alert">The alert.</param>
    /// <param name="password">Finds the account's password; asked only where there is an account.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">SmtpTlsUnavailable.</exception>
    public static async Task SendAsync(AlertOptions options, Alert alert, Func<CancellationToken, Task<Secret>> password, CancellationToken cancellationToken)
    {
        string server = options.SmtpServer!;
        int colon = server.LastIndexOf(':');
        (string host, int port) = colon < 0
            ? (server, options.SmtpTls == SmtpTls.Implicit ? ImplicitPort : PlainPort)
            : (server[..colon], int.Parse(server[(colon + 1)..], CultureInfo.InvariantCulture));
        using var client = new SmtpClient();
        if (options.SmtpTlsCa is { } file)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            client.CheckCertificateRevocation = false;
            client.ServerCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors, authorities);
        }

        await client.ConnectAsync(host, port, Security(options.SmtpTls, port), cancellationToken).ConfigureAwait(false);
        if (options.SmtpUser is { } user)
        {
            if (!client.IsSecure)
            {
                throw new DtsMigrateException("SmtpTlsUnavailable", "The mail server offers no TLS: the password is not sent to it.");
            }

            Secret secret = await password(cancellationToken).ConfigureAwait(false);
            await client.AuthenticateAsync(user, secret.Reveal(), cancellationToken).ConfigureAwait(false);
        }

        using MimeMessage message = Message(options, alert);
        await client.SendAsync(message, cancellationToken).ConfigureAwait(false);
        await client.DisconnectAsync(quit: true, cancellationToken).ConfigureAwait(false);
    }

    private static SecureSocketOptions Security(SmtpTls tls, int port) => tls switch
    {
        SmtpTls.Disabled => SecureSocketOptions.None,
        SmtpTls.StartTls => SecureSocketOptions.StartTls,
        SmtpTls.Implicit => SecureSocketOptions.SslOnConnect,
        _ => port == ImplicitPort ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable,
    };

    private static MimeMessage Message(AlertOptions options, Alert alert)
    {
        var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(options.MailFrom!));
        foreach (string to in options.MailTo!.Split(','))
        {
            message.To.Add(MailboxAddress.Parse(to.Trim()));
        }

        message.Subject = $"[DtsMigrate] {alert.Task}: {alert.Rule} {alert.Status}";
        message.Body = new TextPart("plain") { Text = $"{alert.Message}\n{alert.RecommendedAction}\n\nTask {alert.Task} is {alert.State} on {alert.Host}, {alert.At:u}.\n" };
        return message;
    }

    /// <summary>The name has to be the server's, and the chain has to end at one of the authorities that were named; those of the system do not count then.</summary>
    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (certificate is not X509Certificate2 leaf || (errors & (SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable)) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(leaf);
    }
}
