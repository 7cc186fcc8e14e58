using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Connections;

public sealed class ConnectionStoreTests : IDisposable
{
    private static readonly ConnectionDefinition Definition = new()
    {
        Host = "db1",
        Port = 3307,
        User = "dts",
        Password = new PasswordReference { Secret = "s", Vault = "v" },
        Tls = TlsMode.VerifyFull,
        TlsCa = "/ca.pem",
    };

    private readonly TemporaryHome _home = new();
    private readonly ConnectionStore _store;

    public ConnectionStoreTests() => _store = new ConnectionStore(_home.Home);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void What_is_written_is_read_in_any_case_of_the_name()
    {
        _store.Create(new ConnectionProfile("Prod", Definition));

        Assert.Equal(new ConnectionProfile("Prod", Definition), _store.Read("prod"));
        Assert.Equal(["Prod"], _store.Names());
    }

    [Fact]
    public void Connections_are_no_tasks()
    {
        _store.Create(new ConnectionProfile("prod", Definition));

        Assert.Empty(_home.Home.List());
    }

    [Fact]
    public void The_file_is_private()
    {
        _store.Create(new ConnectionProfile("prod", Definition));

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_store.PathOf("prod")));
        }
    }

    [Fact]
    public void A_second_one_of_the_same_name_is_refused_and_the_first_can_be_replaced()
    {
        _store.Create(new ConnectionProfile("prod", Definition));

        Assert.Equal("ConnectionExists", Assert.Throws<DtsMigrateException>(() => _store.Create(new ConnectionProfile("prod", Definition))).Code);
        _store.Save(new ConnectionProfile("prod", Definition with { Host = "db2" }));
        Assert.Equal("db2", _store.Read("prod").Definition.Host);
    }

    [Theory]
    [InlineData("none", "ConnectionNotFound")]
    [InlineData("../none", "ConnectionNameInvalid")]
    public void A_name_without_a_connection_is_an_error(string name, string code)
    {
        Assert.Equal(code, Assert.Throws<DtsMigrateException>(() => _store.Read(name)).Code);
        Assert.Equal(code, Assert.Throws<DtsMigrateException>(() => _store.Remove(name)).Code);
    }

    [Fact]
    public void A_removed_one_is_gone()
    {
        _store.Create(new ConnectionProfile("prod", Definition));

        _store.Remove("prod");

        Assert.Empty(_store.Names());
    }

    [Fact]
    public void A_connection_that_breaks_a_rule_is_not_written()
    {
        Assert.Throws<TaskDefinitionException>(() => _store.Create(new ConnectionProfile("prod", Definition with { Port = 0 })));

        Assert.Empty(_store.Names());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{ "connection": { "host": "a", "user": "b", "password": "clear" } }""")]
    public void A_broken_file_is_named(string text)
    {
        _store.Create(new ConnectionProfile("prod", Definition));
        File.WriteAllText(_store.PathOf("prod"), text);

        var error = Assert.Throws<TaskDefinitionException>(() => _store.Read("prod"));

        Assert.Contains("prod.json", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("clear", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GRANT SELECT, INSERT ON `shop`.* TO `dts`@`%` WITH GRANT OPTION", "SELECT, INSERT ON `shop`.*")]
    [InlineData("GRANT USAGE ON *.* TO 'dts'@'%' IDENTIFIED BY PASSWORD '*AB12'", "USAGE ON *.*")]
    [InlineData("GRANT `reader`@`%` TO `dts`@`%`", "`reader`@`%`")]
    [InlineData("something else with *AB12", "(another grant)")]
    public void A_grant_is_shown_without_the_account_and_what_follows_it(string line, string text) => Assert.Equal(text, ConnectionTester.Shorten(line));

    [Fact]
    public void Servers_and_passwords_have_words()
    {
        Assert.Equal("dts@[::1]:3306", ServerText.Account(new ConnectionDefinition { Host = "::1", User = "dts" }));
        Assert.Equal("secret s in vault v", ServerText.Password(Definition.Password));
        Assert.Equal("given at start", ServerText.Password(new PasswordReference()));
    }
}
