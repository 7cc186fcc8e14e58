namespace DtsMigrate.Engine.Tasks;

/// <summary>Paths in a definition: <c>~/</c> is the home folder, relative ones start at the definition's folder.</summary>
internal static class TaskPaths
{
    public static ConnectionDefinition Resolve(ConnectionDefinition connection, string folder) => connection with
    {
        TlsCa = Resolve(connection.TlsCa, folder),
        Password = connection.Password with { OptionFile = Resolve(connection.Password.OptionFile, folder) },
    };

    public static TaskOptions Resolve(TaskOptions options, string folder) =>
        options.Alerts.SmtpTlsCa is { } path ? options with { Alerts = options.Alerts with { SmtpTlsCa = Resolve(path, folder) } } : options;

    private static string? Resolve(string? path, string folder)
    {
        if (string.IsNullOrEmpty(path))
        {
            return path;
        }

        if (path.StartsWith("~/", StringComparison.Ordinal))
        {
            folder = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            path = path[2..];
        }

        return Path.GetFullPath(path, folder);
    }
}
