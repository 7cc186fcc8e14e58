using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Errors;

/// <summary>The one place where errors become error records: the stable code is the id, the category is real, the remedy is shown.</summary>
internal static class ErrorRecordMapper
{
    // Access denied for user (with or without the password, by host, by plugin), and the account is locked or expired.
    private static readonly HashSet<int> Authentication = [1045, 1044, 1698, 1820, 1862, 3118, 3955];

    /// <summary>Maps an error.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="target">The user's object; null for the one that the error names.</param>
    public static ErrorRecord Map(Exception exception, object? target)
    {
        string code = exception is DtsMigrateException known ? known.Code : exception.GetType().Name;
        string? action = (exception as DtsMigrateException)?.RecommendedAction;
        return new ErrorRecord(exception, code, Category(exception, code), target ?? (exception as DtsMigrateException)?.Target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = action ?? string.Empty },
        };
    }

    /// <summary>Maps one fault of a task definition.</summary>
    /// <param name="exception">The error that lists it.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="file">The file that was read; null when the definition came as parameters.</param>
    /// <param name="parameter">The parameter that sets the member; null when none does.</param>
    public static ErrorRecord Map(TaskDefinitionException exception, TaskDefinitionFault fault, string? file, string? parameter = null)
    {
        string value = fault.Value is null ? string.Empty : $" = {fault.Value}";
        string place = file is null ? parameter is null ? string.Empty : $"-{parameter}: " : $"{file}: ";
        return new ErrorRecord(exception, exception.Code, ErrorCategory.InvalidData, fault.Path)
        {
            ErrorDetails = new ErrorDetails($"{place}{fault.Path}{value}: {fault.Message}") { RecommendedAction = fault.Remedy },
        };
    }

    private static ErrorCategory Category(Exception exception, string code) => exception switch
    {
        MySqlServerException server when Authentication.Contains(server.Errno) => ErrorCategory.AuthenticationError,
        MySqlServerException => ErrorCategory.InvalidOperation,
        MySqlProtocolException => ErrorCategory.ProtocolError,
        TaskDefinitionException => ErrorCategory.InvalidData,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        IOException => ErrorCategory.WriteError,
        _ => ByCode(code),
    };

    private static ErrorCategory ByCode(string code) => code switch
    {
        "TaskNotFound" or "TaskFileUnreadable" or "WorkerHostNotFound" => ErrorCategory.ObjectNotFound,
        "TaskExists" => ErrorCategory.ResourceExists,
        "TaskRunning" or "TaskLocked" => ErrorCategory.ResourceBusy,
        "TaskNameInvalid" or "ServerAddressInvalid" or "TableNameInvalid" or "MapInvalid" or "OptionInvalid" or "CredentialUserMismatch" => ErrorCategory.InvalidArgument,
        "AccessDenied" or "AuthenticationUnsupported" => ErrorCategory.AuthenticationError,
        "PrecheckFailed" or "PrecheckBlocked" => ErrorCategory.InvalidResult,
        "HostUnknown" or "ServerUnreachable" or "ConnectionLost" or "TlsUnavailable" or "TlsFailed" => ErrorCategory.ConnectionError,
        _ when code.EndsWith("Timeout", StringComparison.Ordinal) || code is "WorkerSilent" => ErrorCategory.OperationTimeout,
        _ when code.StartsWith("Password", StringComparison.Ordinal) => ErrorCategory.AuthenticationError,
        _ => ErrorCategory.InvalidOperation,
    };
}
