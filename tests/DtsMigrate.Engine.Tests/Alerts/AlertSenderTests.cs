using System.Net;
using System.Net.Sockets;
using System.Text;
using DtsMigrate.Engine.Alerts;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Alerts;

public sealed class AlertSenderTests : IDisposable
{
    private static readonly Alert Sample = new("shop", "Lag", "Fired", "The lag is 99 s.", "Replicating", 99, "Look.", "host", DateTimeOffset.UnixEpoch);

    private static readonly Func<CancellationToken, Task<Secret>> NoPassword = static _ => throw new InvalidOperationException("Nobody needs a password.");

    private readonly TemporaryHome _home = new();

    public AlertSenderTests() => Directory.CreateDirectory(_home.Home.FullPath);

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("204 No Content", 0)]
    [InlineData("500 Internal Server Error", 1)]
    public async Task A_webhook_gets_the_alert_as_json(string answer, int failures)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        Task<string> request = AnswerAsync(server, answer);
        using var sender = new AlertSender(new AlertOptions { Webhook = $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/hook?key=s3cret" }, NoPassword);

        IReadOnlyList<string> failed = await sender.SendAsync(Sample, default);

        string text = await request;
        Assert.StartsWith("POST /hook?key=s3cret HTTP/1.1", text, StringComparison.Ordinal);
        Assert.Contains("\"rule\":\"Lag\",\"status\":\"Fired\"", text, StringComparison.Ordinal);
        Assert.Equal(failures, failed.Count);
        Assert.All(failed, words => Assert.DoesNotContain("s3cret", words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_gets_the_alert_on_its_input()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string script = Script("printf '%s %s %s ' \"$1\" \"$2\" \"$3\" > \"$0.out\"; cat >> \"$0.out\"");
        using var sender = new AlertSender(new AlertOptions { Command = script }, NoPassword);

        Assert.Empty(await sender.SendAsync(Sample, default));

        Assert.StartsWith("shop Lag Fired {\"task\":\"shop\"", await File.ReadAllTextAsync(script + ".out"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_fails_or_is_not_there_is_told()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var failing = new AlertSender(new AlertOptions { Command = Script("exit 3") }, NoPassword);
        using var missing = new AlertSender(new AlertOptions { Command = "/no/such/program" }, NoPassword);

        Assert.StartsWith("command:", Assert.Single(await failing.SendAsync(Sample, default)), StringComparison.Ordinal);
        Assert.StartsWith("command:", Assert.Single(await missing.SendAsync(Sample, default)), StringComparison.Ordinal);
    }

    private string Script(string body)
    {
        string path = Path.Combine(_home.Home.FullPath, $"alert{Guid.NewGuid():N}.sh");
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static async Task<string> AnswerAsync(TcpListener server, string answer)
    {
        using TcpClient client = await server.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains('}', StringComparison.Ordinal))
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        return text.ToString();
    }
}
