using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Worker.CommandLine;
using DtsMigrate.Worker.Views;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate status</c>.</summary>
internal sealed class StatusCommand(Arguments arguments, TextWriter output)
{
    public int Run()
    {
        MigrationStatus status = TaskStatusReader.Read(new TaskHome(arguments.Home).Folder(arguments.Operand));
        if (arguments.Json)
        {
            output.WriteLine(TaskJson.Write(status));
            return ExitCode.Done;
        }

        foreach ((string name, string value) in StatusText.Lines(status))
        {
            output.WriteLine($"{name,-12} {value}");
        }

        return ExitCode.Done;
    }
}
