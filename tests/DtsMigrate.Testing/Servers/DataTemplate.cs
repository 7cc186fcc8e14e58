using System.Security.Cryptography;
using System.Text;

namespace DtsMigrate.Testing;

/// <summary>
/// Initialising a data folder costs seconds, so it is done once per version and kind; servers start from a copy. The template
/// comes from <c>--initialize-insecure</c>, which shuts down cleanly, and holds no server uuid: each copy makes its own.
/// </summary>
internal static class DataTemplate
{
    private const string UuidFile = "auto.cnf";

    // Test programs reach the server by TCP under whatever host name it sees.
    private const string Accounts = "CREATE USER root@'%' IDENTIFIED BY '';\nGRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;\n";

    /// <summary>mysqld refuses to run as root unless told to.</summary>
    internal static IEnumerable<string> AccountArguments() =>
        !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess ? ["--user=root"] : [];

    /// <summary>Makes a fresh data folder at <paramref name="target"/>.</summary>
    internal static async Task CopyToAsync(string target, MySqlBinaries binaries, ServerSettings settings, CancellationToken cancellationToken)
    {
        var template = await FindOrInitializeAsync(binaries, settings.InitialArguments, cancellationToken);
        foreach (var folder in Directory.GetDirectories(template, "*", SearchOption.AllDirectories).Prepend(template))
        {
            var copy = Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(template, folder))).FullName;
            foreach (var file in Directory.GetFiles(folder))
            {
                cancellationToken.ThrowIfCancellationRequested();
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }
    }

    private static async Task<string> FindOrInitializeAsync(MySqlBinaries binaries, IReadOnlyList<string> initial, CancellationToken cancellationToken)
    {
        // Two builds of one version may differ in their system tables: the path tells them apart.
        var identity = string.Join('\n', [binaries.Mysqld!.ToString(), Accounts, .. initial]);
        var name = $"data-{binaries.Version}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..12]}";
        var template = Path.Combine(CacheFolder.Root, name);
        if (Directory.Exists(template))
        {
            return template;
        }

        await using var held = await CacheFolder.LockAsync(name, cancellationToken);
        if (!Directory.Exists(template))
        {
            await InitializeAsync(template, binaries, initial, cancellationToken);
        }

        return template;
    }

    private static async Task InitializeAsync(string template, MySqlBinaries binaries, IReadOnlyList<string> initial, CancellationToken cancellationToken)
    {
        var temporary = CacheFolder.NewTemporary();
        try
        {
            var data = Path.Combine(temporary, "data");
            var accounts = Path.Combine(temporary, "accounts.sql");
            await File.WriteAllTextAsync(accounts, Accounts, cancellationToken);
            await binaries.Mysqld!.RunAsync(
                [
                    "--no-defaults",
                    "--initialize-insecure",
                    .. binaries.MysqldArguments,
                    .. AccountArguments(),
                    $"--datadir={data}",
                    $"--init-file={accounts}",
                    "--loose-innodb-redo-log-capacity=32M",
                    .. initial,
                ],
                null,
                cancellationToken);
            File.Delete(Path.Combine(data, UuidFile));
            Directory.Move(data, template);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }
}
