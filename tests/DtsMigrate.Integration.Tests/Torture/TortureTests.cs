using System.Globalization;
using DtsMigrate.Testing;
using Xunit.Abstractions;

namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>
/// Invariant I9 against everything at once: writers on tables of every type, key shape and constraint, kills of the worker, of both servers and of the network, at random. In the end both sides
/// are equal, byte for byte. Longer with <c>DTSMIGRATE_TORTURE_ROUNDS</c>; a failure names the seed, which <c>DTSMIGRATE_TORTURE_SEED</c> repeats, and leaves what
/// it knows in <c>DTSMIGRATE_TORTURE_KEEP</c>.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class TortureTests(ITestOutputHelper log)
{
    private const int RoundsOfTheSuite = 2;

    [Fact]
    public async Task Whatever_breaks_both_sides_are_equal_in_the_end()
    {
        int rounds = Number("DTSMIGRATE_TORTURE_ROUNDS") ?? RoundsOfTheSuite;
        int seed = Number("DTSMIGRATE_TORTURE_SEED") ?? Random.Shared.Next(1_000_000);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5 + (2 * rounds)));
        // Before 9.6 no server logs what foreign keys change.
        bool canLogCascades = (await MySqlBinaries.FindSourceAsync(limit.Token)).Version >= new Version(9, 6);
        int faults = 0;
        long transactions = 0;
        TortureServers? servers = null;
        try
        {
            for (int round = 0; round < rounds; round++, seed++)
            {
                // Every fourth source has no GTIDs; four of eight log no cascades. Every other round has DDL in it.
                bool gtid = seed % 4 != 3;
                bool logsCascades = canLogCascades && seed / 4 % 2 == 0;
                if (servers?.Gtid != gtid || servers.LogsCascades != logsCascades)
                {
                    await (servers?.DisposeAsync() ?? ValueTask.CompletedTask);
                    servers = await TortureServers.StartAsync(gtid, logsCascades, limit.Token);
                }

                log.WriteLine($"round {round + 1}, seed {seed}");
                using var one = new TortureRound(servers, seed, log);
                await one.RunAsync(limit.Token);
                await one.CleanAsync(limit.Token);
                faults += one.Faults;
                transactions += one.Transactions;
                Progress($"round {round + 1} of {rounds}, seed {seed}: {one.Faults} faults, {one.Transactions} transactions, equal");
            }
        }
        finally
        {
            await (servers?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        log.WriteLine($"{rounds} rounds, {faults} faults, {transactions} transactions");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    // A long run is watched while it runs; the test's own log comes at its end.
    private static void Progress(string words)
    {
        if (Environment.GetEnvironmentVariable("DTSMIGRATE_TORTURE_LOG") is { Length: > 0 } file)
        {
            File.AppendAllText(file, words + "\n");
        }
    }
}
