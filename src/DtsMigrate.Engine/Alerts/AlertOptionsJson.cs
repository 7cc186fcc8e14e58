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

        bool mail = alerts.SmtpServer is not null;
        if (mail != alerts.MailFrom is not null || mail != alerts.MailTo is not null)
        {
            faults.Add(Path + "smtpServer", null, "Mail needs a server, a sender and a receiver.", "Give smtpServer, mailFrom and mailTo, or none of them.");
        }
        else if (mail && !(System.Net.Mail.MailAddress.TryCreate(alerts.MailFrom, out _) && alerts.MailTo!.Split(',').All(static to => System.Net.Mail.MailAddress.TryCreate(to.Trim(), out _))))
        {
            faults.Add(Path + "mailTo", null, "A mail address is not one.", "Write mailFrom like \"dts@example.org\" and mailTo likewise, several with commas.");
        }

        if (mail && alerts.SmtpServer is { Length: > 0 } server && server.LastIndexOf(':') is >= 0 and var colon && !(ushort.TryParse(server.AsSpan(colon + 1), out ushort port) && port > 0))
        {
            faults.Add(Path + "smtpServer", DefinitionFaults.Show(server), "This is not a server.", "Write it like \"mail.example:25\".");
        }
    }

    private static IEnumerable<(string Member, string? Value)> Texts(AlertOptions alerts) =>
    [
        ("webhook", alerts.Webhook), ("command", alerts.Command), ("smtpServer", alerts.SmtpServer), ("mailFrom", alerts.MailFrom), ("mailTo", alerts.MailTo),
    ];
}
