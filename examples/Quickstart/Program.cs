using System.Text.Json;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Quickstart;
using DtsMigrate.Testing;
using Spectre.Console;

QuickstartOptions? options;
try
{
    options = QuickstartOptions.Parse(args);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    await Console.Error.WriteLineAsync(QuickstartOptions.Usage);
    return 2;
}

if (options is null)
{
    Console.WriteLine(QuickstartOptions.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
try
{
    IAnsiConsole console = options.Json ? AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No }) : AnsiConsole.Console;
    QuickstartResult result = await new QuickstartStory(options, console).RunAsync(stop.Token);
    if (options.Json)
    {
        Console.WriteLine(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
    }

    return result.Ok ? 0 : 4;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 4;
}
catch (MySqlUnavailableException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 4;
}
catch (DtsMigrateException e)
{
    await Console.Error.WriteLineAsync($"{e.Code}: {e.Message}");
    if (e.RecommendedAction is not null)
    {
        await Console.Error.WriteLineAsync($"Recommended: {e.RecommendedAction}");
    }

    return 4;
}
