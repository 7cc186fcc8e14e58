namespace DtsMigrate.MySql.Errors;

/// <summary>Root of every error that DtsMigrate reports. Carries what a person or a script needs to act on it.</summary>
public class DtsMigrateException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="code">Stable PascalCase code, one per code path, never reused with another meaning.</param>
    /// <param name="message">What happened, with the names and values concerned. Never a secret.</param>
    /// <param name="inner">The cause, kept for diagnosis.</param>
    public DtsMigrateException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Stable code of the error, for example <c>ServerUnreachable</c>.</summary>
    public string Code { get; }

    /// <summary>True when the same action may succeed later without anybody changing anything.</summary>
    public bool IsTransient { get; init; }

    /// <summary>What to do about it; null when the message says all.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>The object concerned: a table, a file and position, a member of the task definition.</summary>
    public string? Target { get; init; }
}
