using System.Diagnostics;
using System.Text;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Alerts;

/// <summary>Takes an alert to its receivers. Each action has its own time limit and its own failure.</summary>
internal sealed class AlertSender : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly AlertOptions _options;
    private readonly HttpClient _http = new() { Timeout = Limit };

    private readonly Func<CancellationToken, Task<Secret>> _mailPassword;

    /// <summary>Creates the sender.</summary>
    /// <param name="options">Who is told.</param>
    /// <param name="mailPassword">Finds the password of the account at the mail server, when it is needed.</param>
    public AlertSender(AlertOptions options, Func<CancellationToken, Task<Secret>> mailPassword)
    {
        _options = options;
        _mailPassword = mailPassword;
    }

    /// <summary>Sends it by every action.</summary>
    /// <returns>What went wrong, in words; empty when everybody was told.</returns>
    public async Task<IReadOnlyList<string>> SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        (string Name, bool Wanted, Func<Alert, CancellationToken, Task> Send)[] actions =
        [
            ("webhook", _options.Webhook is not null, PostAsync),
            ("command", _options.Command is not null, RunAsync),
            ("mail", _options.SmtpServer is not null, MailAsync),
        ];
        var failures = new List<string>();
        foreach ((string name, _, Func<Alert, CancellationToken, Task> send) in actions.Where(static action => action.Wanted))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Limit);
            try
            {
                await send(alert, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add($"{name}: no answer within {Limit.TotalSeconds:0} s");
            }
#pragma warning disable CA1031 // Whatever becomes of an alert, it is told in the log, and the migration goes on.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                // The address may have a key in it: only the kind of failure is told.
                failures.Add($"{name}: {e switch { HttpRequestException { StatusCode: { } code } => $"HTTP {(int)code}", DtsMigrateException known => known.Code, _ => e.GetType().Name }}");
            }
        }

        return failures;
    }

    public void Dispose() => _http.Dispose();

    private static string Json(Alert alert) => TaskJson.Write(alert);

    private async Task PostAsync(Alert alert, CancellationToken cancellationToken)
    {
        using var content = new StringContent(Json(alert), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(new Uri(_options.Webhook!), content, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    private async Task RunAsync(Alert alert, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(_options.Command!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true };
        info.ArgumentList.Add(alert.Task);
        info.ArgumentList.Add(alert.Rule);
        info.ArgumentList.Add(alert.Status);
        using Process process = Process.Start(info)!;
        try
        {
            // What it says is of no interest, but a full pipe would stop it.
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, Json(alert), cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(output, error).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Exit code {process.ExitCode}.");
        }
    }

    private static async Task WriteAsync(Process process, string text, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(text.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It does not read: its arguments say enough to it.
        }
    }

    private Task MailAsync(Alert alert, CancellationToken cancellationToken) => AlertMail.SendAsync(_options, alert, _mailPassword, cancellationToken);
}
