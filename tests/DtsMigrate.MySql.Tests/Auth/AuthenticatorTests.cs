using System.Security.Cryptography;
using System.Text;
using DtsMigrate.MySql.Auth;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Auth;

public sealed class AuthenticatorTests
{
    private static readonly byte[] Challenge = Encoding.ASCII.GetBytes("ABCDEFGHIJKLMNOPQRST");
    private static readonly byte[] FullAuth = FakePackets.AuthMoreData(4);
    private static readonly MySqlSessionOptions Options = new() { Host = "h", User = "u", Password = Secret.From("pw") };

    [Fact]
    public void Caching_sha2_ends_after_the_fast_path()
    {
        var auth = Create(Options, tls: false);

        Assert.Equal(Scramble.CachingSha2("pw"u8, Challenge), auth.FirstResponse());
        Assert.False(auth.Next(FakePackets.AuthMoreData(3), out byte[]? answer));
        Assert.Null(answer);
        Assert.True(auth.Next(FakePackets.Ok(), out _));
    }

    [Fact]
    public void The_full_path_sends_the_password_itself_inside_TLS()
    {
        var auth = Create(Options, tls: true);

        auth.Next(FullAuth, out byte[]? answer);

        Assert.Equal("pw\0"u8.ToArray(), answer);
    }

    [Fact]
    public void The_full_path_without_TLS_is_refused_with_a_remedy()
    {
        var error = Assert.Throws<MySqlConnectionException>(() => Create(Options, tls: false).Next(FullAuth, out _));

        Assert.Equal("AuthenticationUnsupported", error.Code);
        Assert.False(error.IsTransient);
        Assert.Contains("TLS", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("caching_sha2_password", 2)]
    [InlineData("sha256_password", 1)]
    public void The_full_path_without_TLS_encrypts_with_the_servers_key_when_allowed(string plugin, byte ask)
    {
        using var rsa = RSA.Create(2048);
        var auth = Create(Options with { AllowPublicKeyRetrieval = true }, tls: false);

        auth.Next(FakePackets.AuthSwitch(plugin, Challenge), out byte[]? answer);
        if (plugin == "caching_sha2_password")
        {
            auth.Next(FullAuth, out answer);
        }

        Assert.Equal([ask], answer!);
        auth.Next(FakePackets.AuthMoreData(Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem())), out byte[]? encrypted);
        byte[] mixed = rsa.Decrypt(encrypted!, RSAEncryptionPadding.OaepSHA1);
        Scramble.Xor(mixed, Challenge);
        Assert.Equal("pw\0"u8.ToArray(), mixed);
    }

    [Fact]
    public void A_key_that_is_none_is_a_protocol_error()
    {
        var auth = Create(Options with { AllowPublicKeyRetrieval = true }, tls: false);
        auth.Next(FullAuth, out _);

        Assert.Throws<MySqlProtocolException>(() => auth.Next(FakePackets.AuthMoreData([.. "-----BEGIN nonsense"u8]), out _));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Clear_text_is_sent_only_inside_TLS_and_when_allowed(bool tls, bool allowed)
    {
        var auth = Create(Options with { AllowClearTextPassword = allowed }, tls);

        var error = Assert.Throws<MySqlConnectionException>(() => auth.Next(FakePackets.AuthSwitch("mysql_clear_password", []), out _));

        Assert.Equal("AuthenticationUnsupported", error.Code);
    }

    [Fact]
    public void Clear_text_inside_TLS_when_allowed_is_the_password_and_NUL()
    {
        Create(Options with { AllowClearTextPassword = true }, tls: true).Next(FakePackets.AuthSwitch("mysql_clear_password", []), out byte[]? answer);

        Assert.Equal("pw\0"u8.ToArray(), answer);
    }

    [Fact]
    public void The_first_answer_holds_no_password_whatever_plugin_the_greeting_names()
    {
        foreach (string plugin in (string[])["mysql_clear_password", "sha256_password", "dialog", ""])
        {
            var auth = new Authenticator(Options with { AllowClearTextPassword = true }, tls: true, plugin, Challenge);

            Assert.Equal(Scramble.CachingSha2("pw"u8, Challenge), auth.FirstResponse());
        }
    }

    [Theory]
    [InlineData("mysql_native_password", "")]
    [InlineData("caching_sha2_password", "00")]
    [InlineData("sha256_password", "00")]
    public void An_empty_password_needs_neither_TLS_nor_key(string plugin, string expected)
    {
        var auth = Create(Options with { Password = Secret.Empty }, tls: false);

        auth.Next(FakePackets.AuthSwitch(plugin, Challenge), out byte[]? answer);

        Assert.Equal(expected, Convert.ToHexString(answer!));
    }

    [Theory]
    [InlineData("authentication_ldap_sasl_client")]
    [InlineData("mysql_old_password")]
    public void An_unknown_plugin_is_refused_by_name(string plugin)
    {
        var error = Assert.Throws<MySqlConnectionException>(() => Create(Options, tls: true).Next(FakePackets.AuthSwitch(plugin, Challenge), out _));

        Assert.Contains(plugin, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public void A_server_that_switches_for_ever_is_stopped()
    {
        var auth = Create(Options, tls: false);

        Assert.Throws<MySqlProtocolException>(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                auth.Next(FakePackets.AuthSwitch("mysql_native_password", Challenge), out _);
            }
        });
    }

    [Fact]
    public void A_refusal_is_the_servers_error()
    {
        var error = Assert.Throws<MySqlServerException>(() => Create(Options, tls: false).Next(FakePackets.Err(1045, "Access denied", "28000"), out _));

        Assert.Equal((1045, "28000", false), (error.Errno, error.SqlState, error.IsTransient));
    }

    private static Authenticator Create(MySqlSessionOptions options, bool tls) => new(options, tls, AuthPluginNames.CachingSha2, Challenge);
}
