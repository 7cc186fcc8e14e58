using System.Globalization;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>
/// One transaction of the source, larger than all that the worker may hold. The long form has <c>DTSMIGRATE_LARGE_TRANSACTION_MB</c> of rows, plain and compressed.
/// </summary>
public sealed class LargeTransactionTests : IDisposable
{
    private const string Variable = "DTSMIGRATE_LARGE_TRANSACTION_MB";
    private const int MegabytesOfTheSuite = 64;

    // What the engine takes is 120 MiB, however large the transaction is; who held this one would need 190.
    private const long MostMemoryKilobytes = 165 << 10;

    private readonly string _home = Directory.CreateTempSubdirectory("dtsm-large-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    public static TheoryData<string> Compressions => Environment.GetEnvironmentVariable(Variable) is null ? new TheoryData<string> { "OFF" } : new TheoryData<string> { "OFF", "ON" };

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task A_transaction_of_any_size_is_applied_in_bounded_memory(string compression)
    {
        int megabytes = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : MegabytesOfTheSuite;
        var patience = TimeSpan.FromMinutes(3 + (megabytes / 40));
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        var (from, to) = (Root(source), Root(destination));
        string database = SharedServers.NewDatabaseName("large");
        await Journey.ExecuteAsync(from, $"CREATE DATABASE {database}", $"CREATE TABLE {database}.t (id INT AUTO_INCREMENT PRIMARY KEY, v VARBINARY(4000))");
        var task = new MigrationTask
        {
            Name = database,
            Source = Side(source),
            Destination = Side(destination),
            Objects = [new DatabaseSelection(database, database, All: true, [])],
        };
        string file = Path.Combine(_home, "definition.json");
        await File.WriteAllTextAsync(file, TaskDefinitionWriter.ToJson(task));
        using WorkerProcess worker = WorkerProcess.Start(_home, new Dictionary<string, string>(), "run", file, "--json");
        await WaitFor.ConditionAsync(
            () => worker.HasExited || worker.OutputSoFar.Contains("\"Replicating\"", StringComparison.Ordinal), patience, "the stream", CancellationToken.None);
        int doublings = (int)Math.Ceiling(Math.Log2(megabytes / 4.0));
        string[] doubled = [.. Enumerable.Repeat($"INSERT INTO {database}.t (v) SELECT CONCAT(LEFT(v, 2000), RANDOM_BYTES(1000), REVERSE(LEFT(v, 1000))) FROM {database}.t", doublings)];
        await Journey.ExecuteAsync(
            from,
            [
                $"SET SESSION binlog_transaction_compression={compression}, cte_max_recursion_depth=100000", "START TRANSACTION",
                $"INSERT INTO {database}.t (v) WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<1000) SELECT CONCAT(RANDOM_BYTES(1000), REPEAT(CHAR(i % 256), 3000)) FROM c",
                .. doubled, $"UPDATE {database}.t SET v=CONCAT('x', SUBSTR(v, 2)) WHERE id%8=0", $"DELETE FROM {database}.t WHERE id%16=1", "COMMIT",
            ]);
        string digest = $"SELECT CONCAT(COUNT(*), ' ', SUM(CRC32(v)), ' ', BIT_XOR(CRC32(CONCAT(id, v)))) FROM {database}.t";
        string? expected = await Journey.ScalarAsync(from, digest);
        await WaitFor.ConditionAsync(async _ => worker.HasExited || await Journey.ScalarAsync(to, $"SELECT COUNT(*) > 0 FROM {database}.t") == "1", patience, "the transaction", CancellationToken.None);
        Assert.False(worker.HasExited, worker.ErrorSoFar);
        Assert.Equal(expected, await Journey.ScalarAsync(to, digest));
        long peak = PeakKilobytes(worker.Pid);
        await worker.TerminateAsync();
        await worker.WaitAsync(patience);
        Assert.True(peak <= MostMemoryKilobytes, $"{peak} KiB for a transaction of {megabytes} MB");
        if (Environment.GetEnvironmentVariable("DTSMIGRATE_TORTURE_LOG") is { Length: > 0 } log)
        {
            await File.AppendAllTextAsync(log, $"{megabytes} MB, compression {compression}: {expected}, peak {peak} KiB\n");
        }

        await Journey.ExecuteAsync(from, $"DROP DATABASE {database}");
        await Journey.ExecuteAsync(to, $"DROP DATABASE {database}");
    }

    // Largest resident set since the start; Linux keeps it.
    private static long PeakKilobytes(int pid) => !OperatingSystem.IsLinux() ? 0 : long.Parse(
        File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static MySqlSessionOptions Root(MySqlServer server) => new() { Host = server.Host, Port = server.Port, User = server.User, Password = Secret.From(server.Password) };

    private static ConnectionDefinition Side(MySqlServer server) => new() { Host = server.Host, Port = server.Port, User = server.User, Password = new PasswordReference { Empty = true } };
}
