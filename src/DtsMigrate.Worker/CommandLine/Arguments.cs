using System.Globalization;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Worker.CommandLine;

/// <summary>The command line, read.</summary>
internal sealed record Arguments
{
    public required string Command { get; init; }

    /// <summary>Path of a definition for <c>run</c>, <c>ddl</c>, <c>activate</c> and the like, name of a task otherwise.</summary>
    public string Operand { get; init; } = string.Empty;

    public string? Home { get; init; }

    /// <summary>File that <c>schema</c> writes; null for standard output.</summary>
    public string? Out { get; init; }

    /// <summary><c>precheck</c> runs only what failed last time.</summary>
    public bool Again { get; init; }

    /// <summary>Code of the item that <c>precheck</c> is to ignore, and why.</summary>
    public string? Ignore { get; init; }

    /// <summary>Why an item is ignored.</summary>
    public string? Reason { get; init; }

    public RunUntil Until { get; init; } = RunUntil.Completed;

    /// <summary>What <c>run</c> does of the task.</summary>
    public RunRole Role { get; init; } = RunRole.All;

    public bool Json { get; init; }

    /// <summary>What <c>throttle</c> is to change; nothing to show only.</summary>
    public ThrottleChange Throttle { get; init; } = new();

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="UsageException">They make no sense.</exception>
    public static Arguments Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0)
        {
            throw new UsageException("No command is given.");
        }

        if (args.Any(arg => arg is "--help" or "-h" or "-?"))
        {
            return new Arguments { Command = "help" };
        }

        if (args[0] is "--version")
        {
            return new Arguments { Command = "version" };
        }

        string command = args[0];
        string[]? options = command switch
        {
            "run" => ["--home", "--until", "--role", "--json"],
            "hosted" => ["--home", "--until"],
            "status" => ["--home", "--json"],
            "stop" => ["--home"],
            "activate" => ["--home"],
            "assess" => ["--home", "--json"],
            "schema" => ["--out"],
            "ddl" => ["--json"],
            "precheck" => ["--home", "--again", "--ignore", "--reason", "--json"],
            "restore-settings" => ["--home"],
            "throttle" => ["--home", .. ThrottleOptions],
            "help" => [],
            _ => throw new UsageException($"'{command}' is not a command; use run, status, stop, throttle, activate, precheck, assess, schema, ddl or restore-settings."),
        };
        return command == "help" ? new Arguments { Command = "help" } : ParseOptions(command, options, args);
    }

    private static Arguments ParseOptions(string command, string[] options, IReadOnlyList<string> args)
    {
        var parsed = new Arguments { Command = command };
        bool onlyOperands = false;
        for (int i = 1; i < args.Count; i++)
        {
            string arg = args[i];
            if (onlyOperands || !arg.StartsWith('-') || arg == "-")
            {
                parsed = parsed.Operand.Length == 0 && arg.Length > 0
                    ? parsed with { Operand = arg }
                    : throw new UsageException($"'{arg}' is one argument too many for '{command}'.");
                continue;
            }

            if (arg == "--")
            {
                onlyOperands = true;
                continue;
            }

            string[] parts = arg.Split('=', 2);
            if (Array.IndexOf(options, parts[0]) < 0)
            {
                throw new UsageException($"'{command}' has no option '{parts[0]}'; it has {string.Join(", ", options)}.");
            }

            if (parts[0] == "--again")
            {
                parsed = parts.Length == 1 ? parsed with { Again = true } : throw new UsageException("--again takes no value.");
                continue;
            }

            if (parts[0] == "--json")
            {
                parsed = parts.Length == 1 ? parsed with { Json = true } : throw new UsageException("--json takes no value.");
                continue;
            }

            string value = parts.Length == 2 ? parts[1] : i + 1 < args.Count ? args[++i] : string.Empty;
            if (value.Length == 0)
            {
                throw new UsageException($"{parts[0]} needs a value.");
            }

            parsed = parts[0] switch
            {
                "--home" => parsed with { Home = value },
                "--out" => parsed with { Out = value },
                "--ignore" => parsed with { Ignore = value },
                "--reason" => parsed with { Reason = value },
                "--until" => parsed with { Until = Parse<RunUntil>(parts[0], value) },
                "--role" => parsed with { Role = Parse<RunRole>(parts[0], value) },
                _ => parsed with { Throttle = ParseThrottle(parsed.Throttle, parts[0], value) },
            };
        }

        if ((parsed.Ignore is null) != (parsed.Reason is null))
        {
            throw new UsageException("'--ignore' and '--reason' go together.");
        }

        if (parsed.Role == RunRole.Copy && parsed.Until != RunUntil.Completed)
        {
            throw new UsageException($"'--role copy' ends with the copy: it cannot run until {parsed.Until}.");
        }

        return parsed.Operand.Length > 0
            ? parsed
            : throw new UsageException(command is "run" or "activate" or "precheck" or "assess" or "schema" or "ddl" or "restore-settings" ? $"'{command}' needs the path of a task definition." : $"'{command}' needs the name of a task.");
    }

    private static readonly string[] ThrottleOptions =
    [
        "--full-queries-per-second", "--full-rows-per-second", "--full-megabytes-per-second", "--incremental-rows-per-second", "--incremental-megabytes-per-second",
    ];

    private static ThrottleChange ParseThrottle(ThrottleChange change, string option, string value)
    {
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long limit))
        {
            throw new UsageException($"{option} cannot be '{value}'; use a whole number, 0 for no limit.");
        }

        return Array.IndexOf(ThrottleOptions, option) switch
        {
            0 => change with { FullQueriesPerSecond = limit },
            1 => change with { FullRowsPerSecond = limit },
            2 => change with { FullMegabytesPerSecond = limit },
            3 => change with { IncrementalRowsPerSecond = limit },
            _ => change with { IncrementalMegabytesPerSecond = limit },
        };
    }

    private static T Parse<T>(string option, string value)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(member => string.Equals(member.ToString(), value, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"{option} cannot be '{value}'; use {string.Join(" or ", Enum.GetNames<T>())}.");
}
