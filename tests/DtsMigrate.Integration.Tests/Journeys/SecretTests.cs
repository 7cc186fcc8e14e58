using System.Text;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing.Shop;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>A password is nowhere but in memory and on the wire.</summary>
public sealed class SecretTests
{
    [Fact]
    public async Task No_password_in_the_task_folder_the_output_or_the_arguments()
    {
        using Journey journey = await Journey.CreateAsync("secret");
        await using (MySqlSession session = await MySqlSession.ConnectAsync(journey.SourceRoot, TimeProvider.System, CancellationToken.None))
        {
            await ShopSchema.CreateAsync(session, journey.Database, 500, CancellationToken.None);
        }

        await journey.WriteTaskAsync(journey.Task());
        using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--until", "CaughtUp", "--json");
        if (OperatingSystem.IsLinux())
        {
            string arguments = await File.ReadAllTextAsync($"/proc/{worker.Pid}/cmdline");
            Assert.DoesNotContain(Journey.PasswordText, arguments, StringComparison.Ordinal);
        }

        (int code, string output, string error) = await worker.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(code == 0, error);
        Assert.DoesNotContain(Journey.PasswordText, output + error, StringComparison.Ordinal);

        // The same account with another password fails with the server's refusal, which must not show either one.
        var wrong = new Dictionary<string, string> { ["JOURNEY_PW"] = "Wrong-" + Journey.PasswordText };
        (code, output, error) = await WorkerProcess.RunAsync(journey.Home, wrong, TimeSpan.FromMinutes(1), "run", journey.TaskFile, "--json");
        Assert.Equal(4, code);
        Assert.DoesNotContain(Journey.PasswordText, output + error, StringComparison.Ordinal);
        await AssertNoSecretAsync(journey);
    }

    /// <summary>Looks through every file of the home folder.</summary>
    internal static async Task AssertNoSecretAsync(Journey journey)
    {
        byte[] secret = Encoding.UTF8.GetBytes(Journey.PasswordText);
        byte[] escaped = Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(Journey.PasswordText).Trim('"'));
        foreach (string file in Directory.EnumerateFiles(journey.Home, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = await File.ReadAllBytesAsync(file);
            Assert.True(bytes.AsSpan().IndexOf(secret) < 0 && bytes.AsSpan().IndexOf(escaped) < 0, $"{file} holds the password.");
        }
    }
}
