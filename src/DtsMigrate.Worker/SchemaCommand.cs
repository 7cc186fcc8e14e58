using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Schema.Script;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate schema</c>: what schema migration would execute.</summary>
internal sealed class SchemaCommand(Arguments arguments)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(arguments.Operand);
        var secrets = new SecretResolver();
        Secret sourcePassword = await secrets.ResolveAsync("source", task.Source, cancellationToken);
        Secret destinationPassword = await secrets.ResolveAsync("destination", task.Destination, cancellationToken);
        var source = new ServerConnector("source", task.Source, sourcePassword, task.Options, TimeProvider.System);
        var destination = new ServerConnector("destination", task.Destination, destinationPassword, task.Options, TimeProvider.System);

        // Bytes and not text: objects of other character sets keep theirs.
        await using Stream stream = arguments.Out is { } file ? File.Create(file) : Console.OpenStandardOutput();
        await SchemaScript.WriteAsync(task, source, destination, stream, cancellationToken);
        return ExitCode.Done;
    }
}
