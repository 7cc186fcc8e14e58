using System.Collections;
using System.Management.Automation;
using DtsMigrate.Engine.Alerts;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;

namespace DtsMigrate.PowerShell.Commands;

/// <content>What a task tells about itself, and whom.</content>
public abstract partial class TaskDefinitionCommand
{
    /// <summary>All about alerts in one hashtable: <c>@{ OnFailure = $true; LagSeconds = 60; Webhook = 'https://...' }</c>. A parameter of its own wins.</summary>
    [Parameter]
    [ValidateNotNull]
    [TaskMember("options.alerts")]
    public IDictionary? Alert { get; set; }

    /// <summary>Tells when the task or its precheck fails.</summary>
    [Parameter]
    [TaskMember("options.alerts.onFailure")]
    public SwitchParameter AlertOnFailure { get; set; }

    /// <summary>Tells when the lag is above this; 0, the default, for never.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.AlertLagSeconds))]
    [TaskMember("options.alerts.lagSeconds")]
    public int? AlertLagSeconds { get; set; }

    /// <summary>Tells when full data migration takes longer; 0, the default, for never.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.AlertFullMigrationMinutes))]
    [TaskMember("options.alerts.fullMigrationMinutes")]
    public int? AlertFullMigrationMinutes { get; set; }

    /// <summary>Address that gets an HTTP POST with JSON.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.webhook")]
    public string? AlertWebhook { get; set; }

    /// <summary>Program that is started for each alert.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.command")]
    public string? AlertCommand { get; set; }

    /// <summary>Mail server as <c>host</c> or <c>host:port</c>.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.smtpServer")]
    public string? AlertSmtpServer { get; set; }

    /// <summary>How TLS is used towards the mail server; default Auto.</summary>
    [Parameter]
    [TaskMember("options.alerts.smtpTls")]
    public SmtpTls? AlertSmtpTls { get; set; }

    /// <summary>CA file (PEM) for the mail server.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.smtpTlsCa", IsPath = true)]
    public string? AlertSmtpTlsCa { get; set; }

    /// <summary>Account at the mail server.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.smtpUser")]
    public string? AlertSmtpUser { get; set; }

    /// <summary>Environment variable that holds the password of the account at the mail server when it is needed.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.smtpPassword.env")]
    public string? AlertSmtpPasswordVariable { get; set; }

    /// <summary>Name of a SecretManagement secret that holds it.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.smtpPassword.secret")]
    public string? AlertSmtpSecretName { get; set; }

    /// <summary>Vault of the secret; the default vault when left out.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.smtpPassword.vault")]
    public string? AlertSmtpVault { get; set; }

    /// <summary>Sender of mails.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.mailFrom")]
    public string? AlertMailFrom { get; set; }

    /// <summary>Receivers of mails, with commas.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.alerts.mailTo")]
    public string? AlertMailTo { get; set; }
}
