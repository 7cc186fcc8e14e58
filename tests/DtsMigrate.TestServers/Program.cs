using System.Text.Json;
using DtsMigrate.Testing;
using DtsMigrate.TestServers;

// Test servers for tests and examples in other languages. Starts the servers that the arguments name, says where they are in one JSON line, then does
// what comes on standard input, one JSON request a line (see Request), and ends with its input. Exit code 3: there is no MySQL on this machine.
// With --fetch in front of series such as 5.7: downloads servers of these for the tests between versions.
if (args is ["--fetch", .. var wanted])
{
    int missing = 0;
    foreach (var series in wanted)
    {
        try
        {
            await Console.Out.WriteLineAsync($"MySQL {(await MySqlBinaries.FindSeriesAsync(series, CancellationToken.None)).Version}");
        }
        catch (MySqlUnavailableException e)
        {
            missing = 3;
            await Console.Error.WriteLineAsync($"MySQL {series}: {e.Message}");
        }
    }

    return missing;
}

string[] names = args.Length > 0 ? args : ["source", "destination"];
try
{
    await using var bench = await Bench.StartAsync(names, CancellationToken.None);
    await Console.Out.WriteLineAsync(JsonSerializer.Serialize(bench.Addresses));
    while (await Console.In.ReadLineAsync() is { } line)
    {
        await Console.Out.WriteLineAsync(await bench.AnswerAsync(line, CancellationToken.None));
    }

    return 0;
}
catch (MySqlUnavailableException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 3;
}
