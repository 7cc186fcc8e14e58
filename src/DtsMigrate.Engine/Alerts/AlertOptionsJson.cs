using System.Text.Json;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Alerts;

/// <summary>Reads, writes and checks the member <c>options.alerts</c>.</summary>
internal static class AlertOptionsJson
{
    private const string Path = "$.options.alerts.";

    public static AlertOptions Read(JsonMembers options) =>
        options.Object("alerts", TaskMembers.Alerts, "{ \"onFailure\": true, \"webhook\": \"https://...\" }") is not { } alerts
            ? AlertOptions.None
            : new AlertOptions
            {
                OnFailure = alerts.Flag("onFailure", false),
                LagSeconds = (int)alerts.Number(TaskOptionRange.AlertLagSeconds, 0),
                FullMigrationMinutes = (int)alerts.Number(TaskOptionRange.AlertFullMigrationMinutes, 0),
                Webhook = alerts.Text("webhook"),
                Command = alerts.Text("command"),
                SmtpServer = alerts.Text("smtpServer"),
                SmtpTls = alerts.Word("smtpTls", SmtpTls.Auto),
                SmtpTlsCa = alerts.Text("smtpTlsCa"),
                SmtpUser = alerts.Text("smtpUser"),
                SmtpPassword = ReadPassword(alerts),
                MailFrom = alerts.Text("mailFrom"),
                MailTo = alerts.Text("mailTo"),
            };

    public static void Write(Utf8JsonWriter json, AlertOptions alerts)
    {
        json.WriteStartObject("alerts");
        json.WriteBoolean("onFailure", alerts.OnFailure);
        json.WriteNumber(TaskOptionRange.AlertLagSeconds.Member, alerts.LagSeconds);
        json.WriteNumber(TaskOptionRange.AlertFullMigrationMinutes.Member, alerts.FullMigrationMinutes);
        foreach ((string member, string? value) in Texts(alerts))
        {
            if (value is not null)
            {
                json.WriteString(member, value);
            }
        }

        json.WriteString("smtpTls", alerts.SmtpTls.ToString());
        PasswordReference password = alerts.SmtpPassword;
        if (password != new PasswordReference())
        {
            json.WriteStartObject("smtpPassword");
            foreach ((string member, string? value) in new[] { ("env", password.Env), ("secret", password.Secret), ("vault", password.Vault) })
            {
                if (value is not null)
                {
                    json.WriteString(member, value);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static void Check(AlertOptions alerts, DefinitionFaults faults)
    {
        foreach ((TaskOptionRange range, int value) in new[] { (TaskOptionRange.AlertLagSeconds, alerts.LagSeconds), (TaskOptionRange.AlertFullMigrationMinutes, alerts.FullMigrationMinutes) })
        {
            if (!range.Contains(value))
            {
                faults.OutOfRange(Path + range.Member, value.ToString(System.Globalization.CultureInfo.InvariantCulture), range);
            }
        }

        // Addresses are not shown: they may have a key in them.
        foreach ((string member, _) in Texts(alerts).Where(static pair => pair.Value is not null && string.IsNullOrWhiteSpace(pair.Value)))
        {
            faults.Add(Path + member, null, "The value is empty.", "Give a value, or remove the member.");
        }

        if (alerts.Webhook is { Length: > 0 } webhook && !(Uri.TryCreate(webhook, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
        {
            faults.Add(Path + "webhook", null, "This is not a web address.", "Write it like \"https://hooks.example/alerts\".");
        }

        CheckMailAccount(alerts, faults);
        bool mail = alerts.SmtpServer is not null;
        if (mail != alerts.MailFrom is not null || mail != alerts.MailTo is not null)
        {
            faults.Add(Path + "smtpServer", null, "Mail needs a server, a sender and a receiver.", "Give smtpServer, mailFrom and mailTo, or none of them.");
        }
        else if (mail && !System.Net.Mail.MailAddress.TryCreate(alerts.MailFrom, out _))
        {
            faults.Add(Path + "mailFrom", null, "This is not a mail address.", "Write it like \"dts@example.org\".");
        }
        else if (mail && !alerts.MailTo!.Split(',').All(static to => System.Net.Mail.MailAddress.TryCreate(to.Trim(), out _)))
        {
            faults.Add(Path + "mailTo", null, "A mail address is not one.", "Write mailFrom like \"dts@example.org\" and mailTo likewise, several with commas.");
        }

        if (mail && alerts.SmtpServer is { Length: > 0 } server && server.LastIndexOf(':') is >= 0 and var colon && !(ushort.TryParse(server.AsSpan(colon + 1), out ushort port) && port > 0))
        {
            faults.Add(Path + "smtpServer", DefinitionFaults.Show(server), "This is not a server.", "Write it like \"mail.example:25\".");
        }
    }

    private static PasswordReference ReadPassword(JsonMembers alerts) =>
        alerts.Object("smtpPassword", TaskMembers.MailPassword, "{ \"env\": \"MAIL_PW\" }", hideValues: true) is { } members
            ? new PasswordReference { Env = members.Text("env"), Secret = members.Text("secret"), Vault = members.Text("vault") }
            : new PasswordReference();

    // No value of a password's place is shown: somebody may have put the password itself there.
    private static void CheckMailAccount(AlertOptions alerts, DefinitionFaults faults)
    {
        PasswordReference password = alerts.SmtpPassword;
        bool given = password != new PasswordReference();
        if (alerts.SmtpServer is null && (alerts.SmtpUser is not null || given || alerts.SmtpTlsCa is not null))
        {
            faults.Add(Path + "smtpServer", null, "An account or an authority needs a mail server.", "Give smtpServer, or take smtpUser, smtpPassword and smtpTlsCa out.");
        }

        if (alerts.SmtpUser is not null != given || (given && password.Env is null == password.Secret is null) || (password.Vault is not null && password.Secret is null))
        {
            faults.Add(Path + "smtpPassword", null, "An account at the mail server needs its name and one place of its password.", "Give smtpUser with smtpPassword { \"env\": \"VARIABLE\" } or { \"secret\": \"NAME\", \"vault\": \"VAULT\" }.");
        }

        if (alerts.SmtpTls == SmtpTls.Disabled && (alerts.SmtpUser is not null || alerts.SmtpTlsCa is not null))
        {
            faults.Add(Path + "smtpTls", DefinitionFaults.Show(nameof(SmtpTls.Disabled)), "Without TLS no password is sent and no certificate is checked.", "Use Auto, StartTls or Implicit, or take smtpUser, smtpPassword and smtpTlsCa out.");
        }
    }

    private static IEnumerable<(string Member, string? Value)> Texts(AlertOptions alerts) =>
    [
        ("webhook", alerts.Webhook), ("command", alerts.Command), ("smtpServer", alerts.SmtpServer), ("smtpTlsCa", alerts.SmtpTlsCa), ("smtpUser", alerts.SmtpUser), ("mailFrom", alerts.MailFrom), ("mailTo", alerts.MailTo),
    ];
}
