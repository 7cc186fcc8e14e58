using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary>Runs one command and turns what comes of it into an exit code. Results go to standard output, errors to standard error.</summary>
internal sealed class Host(TextWriter output, TextWriter error)
{
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        try
        {
            Arguments arguments = Arguments.Parse(args);
            switch (arguments.Command)
            {
                case "run" when arguments.Role == RunRole.Copy:
                    return await new CopyRoleCommand(arguments, output, error).RunAsync();
                case "run":
                    return await new RunCommand(arguments, output, error).RunAsync();
                case "hosted":
                    return await new HostedCommand(arguments).RunAsync(CancellationToken.None);
                case "status":
                    return new StatusCommand(arguments, output).Run();
                case "stop":
                    return await new StopCommand(arguments, output).RunAsync(CancellationToken.None);
                case "throttle":
                    return await new ThrottleCommand(arguments, output).RunAsync(CancellationToken.None);
                case "precheck":
                    return await new PrecheckCommand(arguments, output).RunAsync(CancellationToken.None);
                case "assess":
                    return await new AssessCommand(arguments, output).RunAsync(CancellationToken.None);
                case "schema":
                    return await new SchemaCommand(arguments).RunAsync(CancellationToken.None);
                case "ddl":
                    return await new DdlCommand(arguments, output).RunAsync(CancellationToken.None);
                case "activate":
                    return await new ActivateCommand(arguments, output).RunAsync(CancellationToken.None);
                case "restore-settings":
                    return await new RestoreSettingsCommand(arguments, output).RunAsync(CancellationToken.None);
                case "version":
                    await output.WriteLineAsync(HelpText.Version);
                    return ExitCode.Done;
                default:
                    await output.WriteLineAsync(HelpText.Help);
                    return ExitCode.Done;
            }
        }
#pragma warning disable CA1031 // The last net of the process: every failure becomes a message and an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(e);
            return CodeOf(e);
        }
    }

    internal static int CodeOf(Exception e) => e switch
    {
        TaskDefinitionException or UsageException => ExitCode.BadUsage,
        PrecheckBlockedException => ExitCode.PrecheckBlocked,
        DtsMigrateException { Code: "TaskFileUnreadable" or "TaskNameInvalid" or "TaskNotFound" or "ThrottleOutOfRange" or "RoleNotApplicable" or "SnapshotNotShared" or "WorkerNotLaunched" } => ExitCode.BadUsage,

        // The password's place is part of how the command was called; no server was spoken to.
        DtsMigrateException own when own.Code.StartsWith("Password", StringComparison.Ordinal) => ExitCode.BadUsage,
        _ => ExitCode.Failed,
    };

    private void Report(Exception e)
    {
        string code = (e as DtsMigrateException)?.Code ?? e.GetType().Name;
        error.WriteLine($"dtsmigrate: {e.Message}");
        error.WriteLine($"  code: {code}");
        if ((e as DtsMigrateException)?.RecommendedAction is { } action)
        {
            error.WriteLine($"  what to do: {action}");
        }

        if (Environment.GetEnvironmentVariable("DTSMIGRATE_DEBUG") == "1")
        {
            error.WriteLine(e.ToString());
        }

        error.Flush();
    }
}
