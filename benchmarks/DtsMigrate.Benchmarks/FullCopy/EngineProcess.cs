using System.Diagnostics;
using System.Text.Json;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>Runs the engine in a process of its own, so that its CPU time and memory are nobody else's.</summary>
internal static class EngineProcess
{
    /// <summary>The argument that makes this program that process.</summary>
    public const string Verb = "engine";

    /// <summary>Starts the process and waits for its end.</summary>
    public static async Task<EngineCost> StartAsync(MigrationTask task, string folder, CancellationToken cancellationToken)
    {
        var taskFile = Path.Combine(folder, task.Name + ".json");
        await File.WriteAllTextAsync(taskFile, TaskDefinitionWriter.ToJson(task), cancellationToken);
        var output = await Self().RunAsync([Verb, taskFile], null, cancellationToken);
        return JsonSerializer.Deserialize<EngineCost>(output) ?? throw new InvalidOperationException("the engine's process told nothing");
    }

    /// <summary>The process: runs the task to its end and prints its <see cref="EngineCost"/>.</summary>
    public static async Task RunAsync(string taskFile, TextWriter output, CancellationToken cancellationToken)
    {
        var task = TaskDefinitionReader.ReadFile(taskFile);
        var folder = new TaskHome(Path.ChangeExtension(taskFile, ".home")).Folder(task.Name);
        var run = new MigrationRun(task, folder, new SecretResolver(), TimeProvider.System);
        MigrationStatus last = await run.RunAsync(RunUntil.Completed, cancellationToken);
        using var self = Process.GetCurrentProcess();
        await output.WriteLineAsync(JsonSerializer.Serialize(new EngineCost(self.TotalProcessorTime.TotalSeconds, last.PeakMemoryMb)));
    }

    private static ToolCommand Self()
    {
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("this process does not know its own path");
        return Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? new ToolCommand(host, [typeof(EngineProcess).Assembly.Location])
            : new ToolCommand(host);
    }
}
