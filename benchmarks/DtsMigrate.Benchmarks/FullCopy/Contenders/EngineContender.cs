using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy.Contenders;

/// <summary>The engine: a task of schema and full copy with default options.</summary>
internal sealed class EngineContender(bool binlog) : IContender
{
    private int _runs;

    public string Name { get; } = binlog ? "ours" : "ours, binlog off";

    public string? Absent => null;

    public async Task<EngineCost?> CopyAsync(Arena arena, CancellationToken cancellationToken)
    {
        var task = new MigrationTask
        {
            Name = $"bench-{(binlog ? "on" : "off")}-{++_runs}",
            Source = Connection(arena.Source),
            Destination = Connection(arena.Destination),
            MigrationTypes = MigrationTypes.Schema | MigrationTypes.Full,
            Objects = [new DatabaseSelection(BenchTables.Database, BenchTables.Database, All: true, [])],
            Options = new TaskOptions { DestinationBinlog = binlog },
        };
        return await EngineProcess.StartAsync(task, arena.Folder, cancellationToken);
    }

    /// <summary>Without TLS, as all contenders: the old client library of mydumper would not ask for it by itself.</summary>
    private static ConnectionDefinition Connection(MySqlServer server) => new()
    {
        Host = server.Host,
        Port = server.Port,
        User = server.User,
        Password = new PasswordReference { Empty = true },
        Tls = TlsMode.Disabled,
    };
}
