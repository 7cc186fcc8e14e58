using System.Collections;
using System.Management.Automation;
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
