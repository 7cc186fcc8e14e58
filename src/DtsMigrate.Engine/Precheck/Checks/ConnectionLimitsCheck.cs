using System.Globalization;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Both servers have connections free for the task.</summary>
internal sealed class ConnectionLimitsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ConnectionLimits";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasRows;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var server in (PrecheckServer[])[context.Source, context.Destination])
        {
            var status = await server.Session.QueryRowsAsync("SHOW GLOBAL STATUS LIKE 'Threads_connected'", cancellationToken).ConfigureAwait(false);
            findings.Add(Judge(server.Role, Number(server.Variable("max_connections")), status.Count == 0 ? 0 : status[0].GetInt64(1), Number(server.Variable("max_user_connections")), context.Task.Options.CopyThreads));
        }

        return findings.Find(f => f.Outcome != PrecheckOutcome.Passed) is { } found ? [found] : [Finding.Passed("both", "Both servers have connections free for the task.")];
    }

    /// <summary>Connections beside those of the copy threads: catalog, stream, progress, status.</summary>
    internal const int Others = 12;

    /// <summary>Judges the connections that a server has left.</summary>
    internal static Finding Judge(string role, long most, long open, long mostOfUser, int copyThreads)
    {
        int needed = copyThreads + Others;
        string wants = string.Create(CultureInfo.InvariantCulture, $"The task opens up to {needed} connections to the {role}");
        return mostOfUser > 0 && mostOfUser < needed
            ? Finding.Warning(role, string.Create(CultureInfo.InvariantCulture, $"{wants}; max_user_connections is {mostOfUser}."), "Raise it, or set copyThreads lower.", string.Create(CultureInfo.InvariantCulture, $"SET GLOBAL max_user_connections = {needed};"))
            : most > 0 && most - open < needed
                ? Finding.Warning(role, string.Create(CultureInfo.InvariantCulture, $"{wants}; {open} of {most} (max_connections) are in use."), "Raise max_connections, or set copyThreads lower.", string.Create(CultureInfo.InvariantCulture, $"SET GLOBAL max_connections = {most + needed};")) with { Evidence = "few connections" }
                : Finding.Passed(role, string.Create(CultureInfo.InvariantCulture, $"{wants}; {most - open} are free."));
    }

    private static long Number(string value) => long.TryParse(value, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
