using DtsMigrate.Engine.Hosting;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Hosting;

public sealed class WorkerHandoverTests
{
    [Theory]
    [InlineData("plain", "", null)]
    [InlineData("naïve \"quoted\" \\ '\n\r\t\u2028 \U0001F600", "пароль", "")]
    public void Passwords_arrive_as_they_were_in_one_line_of_ascii(string source, string destination, string? mail)
    {
        string line = WorkerHandover.From(Secret.From(source), Secret.From(destination), mail is null ? null : Secret.From(mail)).ToLine();
        var (first, second, third) = WorkerHandover.Parse(line)!.Open();

        Assert.All(line, c => Assert.InRange(c, ' ', '~'));
        Assert.Equal((source, destination, mail), (first.Reveal(), second.Reveal(), third?.Reveal()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"source\":")]
    [InlineData("hello")]
    public void Other_lines_are_not_a_handover(string? line) => Assert.Null(WorkerHandover.Parse(line));

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"source\":\"a\",\"destination\":\"b\",\"version\":\"0.0.1\"}")]
    public void A_launcher_of_another_version_is_refused(string line)
    {
        var refused = Assert.Throws<DtsMigrateException>(() => WorkerHandover.Parse(line)!.Open());
        Assert.Equal("WorkerVersionDiffers", refused.Code);
        Assert.NotNull(refused.RecommendedAction);
    }

    [Fact]
    public void It_shows_no_password() => Assert.Equal("WorkerHandover", WorkerHandover.From(Secret.From("a"), Secret.From("b"), null).ToString());

    [Fact]
    public void An_error_arrives_with_its_code_and_its_remedy()
    {
        var error = new DtsMigrateException("LeaseLost", "Gone: «x»\n.") { RecommendedAction = "Wait.", Target = "shop" };
        var arrived = WorkerReply.Parse(WorkerReply.From(error).ToLine())!;
        var thrown = arrived.ToException();

        Assert.False(arrived.Ready);
        Assert.Equal((error.Code, error.Message, error.RecommendedAction, error.Target), (thrown.Code, thrown.Message, thrown.RecommendedAction, thrown.Target));
        Assert.True(WorkerReply.Parse(new WorkerReply { Ready = true }.ToLine())!.Ready);
        Assert.Null(WorkerReply.Parse("Welcome!"));
    }
}
