using System.Text;
using DtsMigrate.Engine.Alerts;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Alerts;

public sealed class AlertMailTests : IDisposable
{
    private static readonly Alert Sample = new("shop", "Lag", "Fired", "The lag is 99 s.", "Replicating", 99, "Look.", "host", DateTimeOffset.UnixEpoch);

    private readonly TemporaryHome _home = new();

    public AlertMailTests() => Directory.CreateDirectory(_home.Home.FullPath);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Without_tls_and_account_it_goes_to_a_relay_of_ones_own()
    {
        using var server = new FakeMailServer();
        Assert.Empty(await SendAsync(Options(server)));
        string text = await server.Conversation;
        Assert.Contains("RCPT TO:<a@example.org>", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("RCPT TO:<b@example.org>", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Subject: [DtsMigrate] shop: Lag Fired", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[TLS]", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmtpTls.Auto, true, false)]
    [InlineData(SmtpTls.StartTls, true, false)]
    [InlineData(SmtpTls.Implicit, false, true)]
    public async Task An_account_is_told_over_tls_only(SmtpTls tls, bool startTls, bool isImplicit)
    {
        using var server = new FakeMailServer(startTls, isImplicit);
        Assert.Empty(await SendAsync(Options(server) with { SmtpTls = tls, SmtpTlsCa = Authority(server), SmtpUser = "mailer" }));
        string text = await server.Conversation;
        string login = Convert.ToBase64String(Encoding.UTF8.GetBytes("\0mailer\0s3cret"));
        Assert.Contains("AUTH PLAIN " + login, text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("[TLS]", StringComparison.Ordinal) < text.IndexOf("AUTH", StringComparison.Ordinal));
        Assert.True(text.IndexOf("AUTH", StringComparison.Ordinal) < text.IndexOf("MAIL FROM", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_password_goes_to_a_server_without_tls()
    {
        using var server = new FakeMailServer();
        Assert.Equal("mail: SmtpTlsUnavailable", Assert.Single(await SendAsync(Options(server) with { SmtpUser = "mailer" })));
        string text = await server.Conversation;
        Assert.DoesNotContain("AUTH", text, StringComparison.Ordinal);
        Assert.DoesNotContain("MAIL FROM", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_mail_goes_where_starttls_is_demanded_and_not_offered()
    {
        using var server = new FakeMailServer();
        Assert.Single(await SendAsync(Options(server) with { SmtpTls = SmtpTls.StartTls }));
        Assert.DoesNotContain("MAIL FROM", await server.Conversation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("other.example", true)]
    public async Task A_certificate_that_is_not_trusted_ends_it(string name, bool knowsAuthority)
    {
        using var server = new FakeMailServer(isImplicit: true, name: name);
        AlertOptions options = Options(server) with { SmtpTls = SmtpTls.Implicit, SmtpTlsCa = knowsAuthority ? Authority(server) : null };
        Assert.StartsWith("mail: ", Assert.Single(await SendAsync(options)), StringComparison.Ordinal);
        Assert.DoesNotContain("MAIL FROM", await server.Conversation, StringComparison.Ordinal);
    }

    private static AlertOptions Options(FakeMailServer server) => new() { SmtpServer = server.Address, MailFrom = "dts@example.org", MailTo = "a@example.org, b@example.org" };

    private static async Task<IReadOnlyList<string>> SendAsync(AlertOptions options)
    {
        using var sender = new AlertSender(options, static _ => Task.FromResult(Secret.From("s3cret")));
        return await sender.SendAsync(Sample, CancellationToken.None);
    }

    private string Authority(FakeMailServer server)
    {
        string path = Path.Combine(_home.Home.FullPath, Guid.NewGuid().ToString("N") + ".pem");
        File.WriteAllText(path, server.Authority);
        return path;
    }
}
