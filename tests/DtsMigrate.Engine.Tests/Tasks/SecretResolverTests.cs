using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Tasks;

public class SecretResolverTests
{
    [Fact]
    public async Task A_variable_is_read()
    {
        string name = "DTSMIGRATE_TEST_" + Guid.NewGuid().ToString("N");
        Environment.SetEnvironmentVariable(name, "p w");

        Assert.Equal("p w", await ResolveAsync(new PasswordReference { Env = name }));
    }

    [Fact]
    public async Task A_missing_variable_is_named() =>
        Assert.Contains("DTSMIGRATE_TEST_NONE", await FailAsync(new PasswordReference { Env = "DTSMIGRATE_TEST_NONE" }, "PasswordVariableMissing"), StringComparison.Ordinal);

    [Fact]
    public async Task An_empty_password_is_legal() => Assert.Equal(string.Empty, await ResolveAsync(new PasswordReference { Empty = true }));

    [Fact]
    public async Task A_definition_without_reference_needs_the_launcher()
    {
        await FailAsync(new PasswordReference(), "PasswordMissing");
        var resolver = new SecretResolver(source: Secret.From("s"), destination: Secret.From("d"));
        var side = new ConnectionDefinition { Host = "h", User = "u", Password = new PasswordReference { Env = "DTSMIGRATE_TEST_NONE" } };

        Assert.Equal("s", (await resolver.ResolveAsync("source", side, default)).Reveal());
        Assert.Equal("d", (await resolver.ResolveAsync("destination", side, default)).Reveal());
    }

    [Fact]
    public async Task A_vault_needs_its_reader()
    {
        var reference = new PasswordReference { Secret = "s", Vault = "v" };
        await FailAsync(reference, "PasswordVaultUnavailable");
        var resolver = new SecretResolver((asked, _) => Task.FromResult(Secret.From($"{asked.Secret}@{asked.Vault}")));

        Assert.Equal("s@v", (await resolver.ResolveAsync("source", new ConnectionDefinition { Host = "h", User = "u", Password = reference }, default)).Reveal());
    }

    [Fact]
    public async Task An_option_file_is_read()
    {
        using var home = new TemporaryHome();
        string file = Write(home, "[mysqld]\npassword=no\n[client]\nuser=u\npassword = \"a#b\" \n[other]\npassword=o\n");

        Assert.Equal("a#b", await ResolveAsync(new PasswordReference { OptionFile = file }));
        Assert.Equal("o", await ResolveAsync(new PasswordReference { OptionFile = file, OptionGroup = "other" }));
    }

    [Fact]
    public async Task An_option_file_without_the_password_is_named_but_not_quoted()
    {
        using var home = new TemporaryHome();
        string file = Write(home, "[client]\nuser=hunter2\npassword\n");

        string message = await FailAsync(new PasswordReference { OptionFile = file }, "PasswordNotInFile");

        Assert.Contains(file, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_file_that_is_not_there_is_named() =>
        Assert.Contains("/nowhere/my.cnf", await FailAsync(new PasswordReference { OptionFile = "/nowhere/my.cnf" }, "PasswordFileUnreadable"), StringComparison.Ordinal);

    [Theory]
    [InlineData("password=plain", "plain")]
    [InlineData("  password =  spaced out  ", "spaced out")]
    [InlineData("password=before#comment", "before")]
    [InlineData("password='single # kept' # comment", "single # kept")]
    [InlineData("password=\"a\\\"b\"", "a\"b")]
    [InlineData("password=a\\sb\\\\c\\td", "a b\\c\td")]
    [InlineData("password=C:\\dir", "C:\\dir")]
    [InlineData("password=x=y", "x=y")]
    [InlineData("password=", "")]
    [InlineData("password=''", "")]
    [InlineData("password=first\npassword=last", "last")]
    [InlineData("password=crlf\r", "crlf")]
    [InlineData("#password=no", null)]
    [InlineData("password", null)]
    [InlineData("passwords=no", null)]
    public void Option_file_values_are_read_as_MySQL_reads_them(string lines, string? expected) =>
        Assert.Equal(expected, OptionFile.Find("[client]\n" + lines, "client", "password"));

    private static async Task<string> ResolveAsync(PasswordReference password) =>
        (await new SecretResolver().ResolveAsync("source", new ConnectionDefinition { Host = "h", User = "u", Password = password }, default)).Reveal();

    private static async Task<string> FailAsync(PasswordReference password, string code)
    {
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => ResolveAsync(password));
        Assert.Equal(code, error.Code);
        Assert.NotNull(error.RecommendedAction);
        return error.Message;
    }

    private static string Write(TemporaryHome home, string text)
    {
        Directory.CreateDirectory(home.Home.FullPath);
        string file = Path.Combine(home.Home.FullPath, "my.cnf");
        File.WriteAllText(file, text);
        return file;
    }
}
