using DtsMigrate.Engine.Alerts;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tasks;

/// <summary>The rules that a task must keep, however it came to be: read from JSON or built in code. Faults have the same paths in both cases.</summary>
public static class TaskValidator
{
    /// <summary>Checks a task.</summary>
    /// <exception cref="TaskDefinitionException">It breaks a rule; all broken rules are named.</exception>
    public static void Validate(MigrationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var faults = new DefinitionFaults();
        Check(task, faults);
        faults.ThrowIfAny(file: null);
    }

    /// <summary>Checks a connection that belongs to no task yet.</summary>
    /// <exception cref="TaskDefinitionException">It breaks a rule; all broken rules are named.</exception>
    public static void Validate(ConnectionDefinition connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var faults = new DefinitionFaults();
        CheckConnection(connection, "$.connection", faults);
        faults.ThrowIfAny(file: null);
    }

    internal static void Check(MigrationTask task, DefinitionFaults faults)
    {
        if (!TaskName.IsValid(task.Name))
        {
            faults.Add("$.name", DefinitionFaults.Show(task.Name), "This is not a task name.", TaskName.Rule);
        }

        CheckConnection(task.Source, "$.source", faults);
        CheckConnection(task.Destination, "$.destination", faults);
        CheckOtherHosts(task.Source, "$.source", faults);
        CheckOtherHosts(task.Destination, "$.destination", faults);
        if (task.Source.Host.Length > 0 && HostKey(task.Source) == HostKey(task.Destination))
        {
            faults.Add(
                "$.destination.host",
                DefinitionFaults.Show($"{task.Destination.Host}:{task.Destination.Port}"),
                "Source and destination are the same server.",
                "Give the destination another host or port.");
        }

        if (task.MigrationTypes == MigrationTypes.None)
        {
            faults.Add("$.migrationTypes", "[]", "Nothing is to be migrated.", "Name at least one of: Schema, Full, Incremental.");
        }

        SelectionValidator.Check(task.Objects, faults);
        CollationMapJson.Check(task, faults);
        OnlineDdlJson.Check(task, faults);
        bool selectsKinds = task.Operations.IsGiven || task.Objects.Any(d => d.Operations.IsGiven || d.Tables.Any(t => t.Operations.IsGiven));
        if (selectsKinds && !task.MigrationTypes.HasFlag(MigrationTypes.Incremental))
        {
            faults.Add("$.migrationTypes", null, "Kinds of DML and DDL are selected for incremental data migration only.", "Add Incremental to migrationTypes, or take every dml and ddl out.");
        }

        if (task.Accounts.Count > 0 && !task.MigrationTypes.HasFlag(MigrationTypes.Schema))
        {
            faults.Add("$.accounts", null, "Accounts are migrated with schema migration only.", "Add Schema to migrationTypes, or take the accounts out.");
        }

        for (int i = 0; i < task.Accounts.Count; i++)
        {
            if (task.Accounts[i].Length == 0)
            {
                faults.Add(DefinitionFaults.Child("$.accounts", i), "\"\"", "The account's name is empty.", "Write an account as \"user@host\", or \"*\" for all.");
            }
            else if (task.Accounts.Take(i).Contains(task.Accounts[i], StringComparer.Ordinal))
            {
                faults.Add(DefinitionFaults.Child("$.accounts", i), DefinitionFaults.Show(task.Accounts[i]), "The account stands twice.", "Keep one of them.");
            }
        }

        if (task.Options.MigrationAssessment && !task.MigrationTypes.HasFlag(MigrationTypes.Schema))
        {
            faults.Add("$.options.migrationAssessment", "true", "The migration assessment looks at what schema migration creates.", "Add Schema to migrationTypes, or take migrationAssessment out.");
        }

        CheckOptions(task.Options, faults);
    }

    /// <summary>Checks one side.</summary>
    internal static void CheckConnection(ConnectionDefinition connection, string path, DefinitionFaults faults)
    {
        // What has an at sign may be user:password@host: not shown.
        string? host = connection.Host.Contains('@', StringComparison.Ordinal) ? null : DefinitionFaults.Show(connection.Host);
        if (string.IsNullOrWhiteSpace(connection.Host))
        {
            faults.Add(path + ".host", host, "The host is empty.", "Give the server's name or address.");
        }
        else if (connection.Host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '/' or '\\' or '@' or '?' or '#'))
        {
            faults.Add(path + ".host", host, "This is not a host name or address.", "Give the name or address alone; port and user have their own members.");
        }

        if (connection.User.Length == 0)
        {
            faults.Add(path + ".user", DefinitionFaults.Show(connection.User), "The account's name is empty.", "Give the account's name.");
        }

        CheckRange(connection.Port, path + ".port", TaskOptionRange.Port, faults);
        CheckPassword(connection.Password, path + ".password", faults);
        if (connection.TlsCa is { } ca)
        {
            if (ca.Length == 0)
            {
                faults.Add(path + ".tlsCa", "\"\"", "The path is empty.", "Give the path of a PEM file, or remove the member to use the system's authorities.");
            }
            else if (connection.Tls is not (TlsMode.VerifyCA or TlsMode.VerifyFull))
            {
                faults.Add(path + ".tlsCa", DefinitionFaults.Show(ca), $"With tls {connection.Tls} no certificate is checked.", "Set tls to VerifyCA or VerifyFull, or remove tlsCa.");
            }
        }
    }

    private static void CheckOtherHosts(ConnectionDefinition side, string path, DefinitionFaults faults)
    {
        if (side.OtherHosts is { } others && ServerAddresses.Split(others).Any(static text => ReplicaAddress.Parse(text) is null))
        {
            faults.Add(path + ".otherHosts", DefinitionFaults.Show(others), "This is not a list of servers.", "Write it like \"db2:3306,db3:3306\".");
        }
    }

    // No value is shown: somebody may have put the password itself there.
    private static void CheckPassword(PasswordReference password, string path, DefinitionFaults faults)
    {
        int forms = (password.Env is null ? 0 : 1) + (password.OptionFile is null ? 0 : 1) + (password.Secret is null ? 0 : 1) + (password.Empty ? 1 : 0);
        if (forms > 1)
        {
            faults.Add(path, null, "The password has more than one place.", "Keep one of env, optionFile, secret, empty.");
        }

        if (password.OptionGroup is not null && password.OptionFile is null)
        {
            faults.Add(path + ".group", null, "A group needs an option file.", "Add optionFile, or remove group.");
        }

        if (password.Vault is not null && password.Secret is null)
        {
            faults.Add(path + ".vault", null, "A vault needs the name of a secret.", "Add secret, or remove vault.");
        }

        CheckGiven(password.Env, path + ".env", "the name of an environment variable", faults);
        CheckGiven(password.OptionFile, path + ".optionFile", "the path of a MySQL option file", faults);
        CheckGiven(password.OptionGroup, path + ".group", "the name of a group in the option file", faults);
        CheckGiven(password.Secret, path + ".secret", "the name of a secret", faults);
        CheckGiven(password.Vault, path + ".vault", "the name of a vault", faults);
        if (password.Env is { Length: > 0 } env && env.AsSpan().IndexOfAny('=', '\0') >= 0)
        {
            faults.Add(path + ".env", null, "This cannot be the name of an environment variable.", "Give the variable's name, not its value.");
        }
    }

    private static void CheckGiven(string? value, string path, string what, DefinitionFaults faults)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value))
        {
            faults.Add(path, null, "The value is empty.", $"Give {what}.");
        }
    }

    private static void CheckOptions(TaskOptions options, DefinitionFaults faults)
    {
        const string Path = "$.options.";
        CheckRange(options.RetryFailedConnectionsMinutes, Path + "retryFailedConnectionsMinutes", TaskOptionRange.RetryFailedConnectionsMinutes, faults);
        CheckRange(options.RetryOtherIssuesMinutes, Path + "retryOtherIssuesMinutes", TaskOptionRange.RetryOtherIssuesMinutes, faults);
        CheckRange(options.BinlogSpoolMegabytes, Path + "binlogSpoolMegabytes", TaskOptionRange.BinlogSpoolMegabytes, faults);
        CheckRange(options.AutoRecoveryDays, Path + "autoRecoveryDays", TaskOptionRange.AutoRecoveryDays, faults);
        CheckRange(options.CopyThreads, Path + "copyThreads", TaskOptionRange.CopyThreads, faults);
        CheckRange(options.ChunkBytes, Path + "chunkBytes", TaskOptionRange.ChunkBytes, faults);
        OptionObjects.Check(options, faults);
        AlertOptionsJson.Check(options.Alerts, faults);
        if (options.EnvironmentTag is { } tag && (tag.Length > 32 || string.IsNullOrWhiteSpace(tag) || tag.Any(char.IsControl)))
        {
            faults.Add(Path + "environmentTag", DefinitionFaults.Show(tag), "This is not an environment tag.", "Use 1 to 32 characters on one line, for example \"production\".");
        }

        if (options.RetryOtherIssuesMinutes >= options.RetryFailedConnectionsMinutes)
        {
            faults.Add(
                Path + "retryOtherIssuesMinutes",
                options.RetryOtherIssuesMinutes.ToString(System.Globalization.CultureInfo.InvariantCulture),
                $"The value must be less than retryFailedConnectionsMinutes ({options.RetryFailedConnectionsMinutes}).",
                "Lower this value or raise the other.");
        }
    }

    private static void CheckRange(long value, string path, TaskOptionRange range, DefinitionFaults faults)
    {
        if (!range.Contains(value))
        {
            faults.OutOfRange(path, value.ToString(System.Globalization.CultureInfo.InvariantCulture), range);
        }
    }

    // Names that always mean this machine are one; that other names mean one server, the precheck finds by server_uuid.
    private static string HostKey(ConnectionDefinition connection)
    {
        string host = connection.Host.ToUpperInvariant().TrimEnd('.');
        return $"{(host is "LOCALHOST" or "127.0.0.1" or "::1" ? "LOCALHOST" : host)}:{connection.Port}";
    }
}
