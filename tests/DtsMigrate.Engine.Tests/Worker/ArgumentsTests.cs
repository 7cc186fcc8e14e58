using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Engine.Tests.Worker;

public class ArgumentsTests
{
    [Fact]
    public void Every_option_of_run_is_read()
    {
        var expected = new Arguments { Command = "run", Operand = "t.json", Home = "/h", Until = RunUntil.CaughtUp, Json = true };

        Assert.Equal(expected, Arguments.Parse(["run", "t.json", "--home", "/h", "--until", "CaughtUp", "--json"]));
        Assert.Equal(expected, Arguments.Parse(["run", "--json", "--home=/h", "--until=caughtup", "t.json"]));
    }

    [Fact]
    public void The_role_of_run_is_read()
    {
        Assert.Equal(RunRole.All, Arguments.Parse(["run", "t.json"]).Role);
        Assert.Equal(RunRole.Copy, Arguments.Parse(["run", "t.json", "--role", "copy"]).Role);
    }

    [Fact]
    public void Limits_of_throttle_are_read()
    {
        Arguments arguments = Arguments.Parse(
        [
            "throttle", "shop", "--full-queries-per-second", "1", "--full-rows-per-second=2", "--full-megabytes-per-second", "3",
            "--incremental-rows-per-second", "4", "--incremental-megabytes-per-second=0", "--home", "/h",
        ]);

        Assert.Equal(("throttle", "shop", "/h"), (arguments.Command, arguments.Operand, arguments.Home));
        Assert.Equal(
            new ThrottleChange { FullQueriesPerSecond = 1, FullRowsPerSecond = 2, FullMegabytesPerSecond = 3, IncrementalRowsPerSecond = 4, IncrementalMegabytesPerSecond = 0 },
            arguments.Throttle);
    }

    [Fact]
    public void What_follows_two_dashes_is_no_option() => Assert.Equal("--x.json", Arguments.Parse(["run", "--", "--x.json"]).Operand);

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help", "run", "--help")]
    [InlineData("help", "help")]
    [InlineData("version", "--version")]
    [InlineData("status", "status", "shop")]
    [InlineData("stop", "stop", "shop", "--home", "x")]
    [InlineData("ddl", "ddl", "shop.json", "--json")]
    public void Commands_are_known(string command, params string[] args) => Assert.Equal(command, Arguments.Parse(args).Command);

    [Theory]
    [InlineData("No command")]
    [InlineData("'walk' is not a command", "walk")]
    [InlineData("needs the path", "run")]
    [InlineData("needs the name", "status")]
    [InlineData("one argument too many", "run", "a", "b")]
    [InlineData("has no option '--fast'", "run", "a", "--fast")]
    [InlineData("has no option '--until'", "status", "a", "--until", "CaughtUp")]
    [InlineData("--home needs a value", "run", "a", "--home")]
    [InlineData("--home needs a value", "run", "a", "--home=")]
    [InlineData("--json takes no value", "run", "a", "--json=1")]
    [InlineData("cannot be '-1'", "throttle", "a", "--full-rows-per-second=-1")]
    [InlineData("cannot be 'many'", "throttle", "a", "--incremental-rows-per-second", "many")]
    [InlineData("has no option '--json'", "throttle", "a", "--json")]
    [InlineData("--until cannot be 'Soon'", "run", "a", "--until", "Soon")]
    [InlineData("--until cannot be '1'", "run", "a", "--until", "1")]
    [InlineData("--role cannot be 'nothing'; use All or Copy", "run", "a", "--role", "nothing")]
    [InlineData("has no option '--role'", "stop", "a", "--role", "copy")]
    [InlineData("cannot run until CaughtUp", "run", "a", "--role", "copy", "--until", "CaughtUp")]
    public void Bad_usage_is_named(string message, params string[] args) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => Arguments.Parse(args)).Message, StringComparison.Ordinal);
}
