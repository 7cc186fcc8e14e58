using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Alerts;

/// <summary>What a task tells about itself, and whom. Nothing is told without at least one rule and one action.</summary>
public sealed record AlertOptions
{
    /// <summary>No rule, no action.</summary>
    public static AlertOptions None { get; } = new();

    /// <summary>Tell when the task fails or its precheck does, and when it is well again.</summary>
    public bool OnFailure { get; init; }

    /// <summary>Tell when the lag is above this many seconds, and when it is below half of it again; 0 for never; 1..86400, 10 and more is advised.</summary>
    public int LagSeconds { get; init; }

    /// <summary>Tell when full data migration takes longer than this many minutes; 0 for never; 1..525600.</summary>
    public int FullMigrationMinutes { get; init; }

    /// <summary>Address that gets an HTTP POST with JSON; null for none.</summary>
    public string? Webhook { get; init; }

    /// <summary>Program that is started for each alert, with the alert as JSON on its standard input; null for none.</summary>
    public string? Command { get; init; }

    /// <summary>Mail server as <c>host</c> or <c>host:port</c>; null for no mail.</summary>
    public string? SmtpServer { get; init; }

    /// <summary>How TLS is used towards the mail server; default <see cref="Alerts.SmtpTls.Auto"/>.</summary>
    public SmtpTls SmtpTls { get; init; }

    /// <summary>PEM file with the authorities to trust for the mail server; null for the system's.</summary>
    public string? SmtpTlsCa { get; init; }

    /// <summary>Account at the mail server; null for none. Its password goes over TLS only.</summary>
    public string? SmtpUser { get; init; }

    /// <summary>Where the account's password is found: an environment variable or a secret.</summary>
    public PasswordReference SmtpPassword { get; init; } = new();

    /// <summary>Sender of mails.</summary>
    public string? MailFrom { get; init; }

    /// <summary>Receivers of mails, separated by commas.</summary>
    public string? MailTo { get; init; }

    /// <summary>True when something is to be watched and somebody to be told.</summary>
    public bool IsActive => (OnFailure || LagSeconds > 0 || FullMigrationMinutes > 0) && (Webhook is not null || Command is not null || SmtpServer is not null);
}
