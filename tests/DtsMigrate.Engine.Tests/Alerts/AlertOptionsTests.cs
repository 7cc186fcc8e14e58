using DtsMigrate.Engine.Alerts;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tests.Tasks;

namespace DtsMigrate.Engine.Tests.Alerts;

public class AlertOptionsTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var alerts = new AlertOptions
        {
            OnFailure = true,
            LagSeconds = 60,
            FullMigrationMinutes = 90,
            Webhook = "https://hooks.example/x",
            Command = "/bin/tell",
            SmtpServer = "mail.example:2525",
            SmtpTls = SmtpTls.StartTls,
            SmtpTlsCa = "/etc/mail-ca.pem",
            SmtpUser = "mailer",
            SmtpPassword = new PasswordReference { Secret = "mail", Vault = "ops" },
            MailFrom = "dts@example.org",
            MailTo = "a@example.org, b@example.org",
        };

        MigrationTask read = TaskDefinitionReader.Parse(TaskDefinitionWriter.ToJson(Definitions.Task with { Options = new TaskOptions { Alerts = alerts } }));

        Assert.Equal(alerts, read.Options.Alerts);
        Assert.True(alerts.IsActive);
        Assert.False(new AlertOptions { OnFailure = true }.IsActive);
    }

    [Theory]
    [InlineData("\"lagSeconds\": 86401", "$.options.alerts.lagSeconds")]
    [InlineData("\"webhook\": \"ftp://x/key\"", "$.options.alerts.webhook")]
    [InlineData("\"command\": \" \"", "$.options.alerts.command")]
    [InlineData("\"mailTo\": \"a@b.c\"", "$.options.alerts.smtpServer")]
    [InlineData("\"smtpServer\": \"h:0\", \"mailFrom\": \"a@b.c\", \"mailTo\": \"a@b.c\"", "$.options.alerts.smtpServer")]
    [InlineData("\"smtpServer\": \"h\", \"mailFrom\": \"a@b.c\", \"mailTo\": \"nobody\"", "$.options.alerts.mailTo")]
    [InlineData("\"smtpServer\": \"h\", \"mailFrom\": \"a@b.c\", \"mailTo\": \"a@b.c\", \"smtpUser\": \"u\"", "$.options.alerts.smtpPassword")]
    [InlineData("\"smtpServer\": \"h\", \"mailFrom\": \"a@b.c\", \"mailTo\": \"a@b.c\", \"smtpUser\": \"u\", \"smtpPassword\": { \"env\": \"A\", \"secret\": \"key\" }", "$.options.alerts.smtpPassword")]
    [InlineData("\"smtpServer\": \"h\", \"mailFrom\": \"a@b.c\", \"mailTo\": \"a@b.c\", \"smtpUser\": \"u\", \"smtpPassword\": { \"env\": \"A\" }, \"smtpTls\": \"Disabled\"", "$.options.alerts.smtpTls")]
    [InlineData("\"smtpPassword\": { \"env\": \"A\" }, \"smtpUser\": \"u\"", "$.options.alerts.smtpServer")]
    [InlineData("\"sms\": \"1\"", "$.options.alerts.sms")]
    public void A_fault_has_its_path_and_shows_no_address(string alerts, string path)
    {
        TaskDefinitionFault fault = Definitions.FaultOf(Definitions.With("\"options\": { }", $"\"options\": {{ \"alerts\": {{ {alerts} }} }}"));

        Assert.Equal(path, fault.Path);
        Assert.DoesNotContain("key", fault.ToString(), StringComparison.Ordinal);
    }
}
