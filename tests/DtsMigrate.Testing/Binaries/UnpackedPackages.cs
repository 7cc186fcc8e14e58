using System.Text.RegularExpressions;

namespace DtsMigrate.Testing;

/// <summary>MySQL from the distribution's packages, unpacked into the cache with all libraries and started by its own loader.</summary>
internal static partial class UnpackedPackages
{
    private const string Server = "mysql-server-core";
    private const string Client = "mysql-client-core";
    private const string ReadyMark = ".ready";

    /// <summary>Whether a server of a series lies in the cache.</summary>
    internal static bool Has(string series) => Cached(series) is not null;

    /// <summary>Returns the unpacked server, from the cache where it is there already.</summary>
    /// <param name="series">Such as 8.0; null for the newest.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    internal static async Task<MySqlBinaries> FindAsync(string? series, CancellationToken cancellationToken)
    {
        if (Cached(series) is { } cached)
        {
            return await DescribeAsync(cached, cancellationToken);
        }

        var (archive, reason) = OperatingSystem.IsLinux()
            ? PackageArchive.ForThisMachine(series)
            : (null, "packages can be unpacked and started on Linux only");
        if (archive is null)
        {
            throw new MySqlUnavailableException(reason);
        }

        if (PrivateApt.MissingTool() is { } tool)
        {
            throw new MySqlUnavailableException($"the program '{tool}' is missing");
        }

        await using var held = await CacheFolder.LockAsync("packages", cancellationToken);
        return await DescribeAsync(Cached(series) ?? await FetchAsync(archive, series, cancellationToken), cancellationToken);
    }

    /// <summary>The unversioned name where there is one, else the one with the highest version.</summary>
    internal static string? ChooseServer(IEnumerable<string> names) =>
        names.Where(name => ServerName().IsMatch(name))
            .OrderByDescending(name => name == Server)
            .ThenByDescending(name => Version.TryParse(name[Server.Length..].TrimStart('-'), out var version) ? version : new Version())
            .FirstOrDefault();

    private static string Prefix(string? series) => series is null ? "mysql-" : $"series-{series}-";

    private static string? Cached(string? series) =>
        Directory.GetDirectories(CacheFolder.Root, Prefix(series) + "*")
            .Where(folder => File.Exists(Path.Combine(folder, ReadyMark)))
            .OrderByDescending(Directory.GetCreationTimeUtc)
            .FirstOrDefault();

    private static async Task<string> FetchAsync(PackageArchive archive, string? series, CancellationToken cancellationToken)
    {
        var temporary = CacheFolder.NewTemporary();
        try
        {
            if (archive.Keyring is { } keyring)
            {
                archive = archive with { Source = archive.Source with { SignedBy = await KeyringAsync(keyring, Path.Combine(temporary, "keys"), cancellationToken) } };
            }

            var apt = await PrivateApt.CreateAsync(Path.Combine(temporary, "apt"), archive, cancellationToken);
            var server = ChooseServer(await apt.NamesAsync(Server, cancellationToken))
                ?? throw new MySqlUnavailableException($"the archive has no package {Server}");
            var client = Client + server[Server.Length..];
            var packages = await apt.ResolveAsync([server, client], cancellationToken);
            var version = packages.First(p => p.StartsWith(server + "=", StringComparison.Ordinal))[(server.Length + 1)..];
            var root = Directory.CreateDirectory(Path.Combine(temporary, "root")).FullName;

            // Only scripts that nobody runs here are written in Perl.
            await apt.UnpackAsync(packages.Where(p => !PerlName().IsMatch(p)), root, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(root, ReadyMark), version + "\n", cancellationToken);
            var final = Path.Combine(CacheFolder.Root, Prefix(series) + version.Replace(':', '-'));
            Directory.Move(root, final);
            return final;
        }
        catch (InvalidOperationException e)
        {
            throw new MySqlUnavailableException("its packages could not be fetched (" + e.Message + ")", e);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    // The keys of an archive that is not the machine's own come as a package of the machine's own, which apt checks. Kept for the next series.
    private static async Task<string> KeyringAsync(PackageArchive archive, string folder, CancellationToken cancellationToken)
    {
        const string Keys = "ubuntu-archive-keyring.gpg";
        var kept = Path.Combine(CacheFolder.Root, Keys);
        if (File.Exists(kept))
        {
            return kept;
        }

        var apt = await PrivateApt.CreateAsync(Path.Combine(folder, "apt"), archive, cancellationToken);
        var root = Directory.CreateDirectory(Path.Combine(folder, "root")).FullName;
        await apt.UnpackAsync([PackageArchive.UbuntuKeyring], root, cancellationToken);
        File.Move(Path.Combine(root, "usr/share/keyrings", Keys), kept);
        return kept;
    }

    private static async Task<MySqlBinaries> DescribeAsync(string root, CancellationToken cancellationToken)
    {
        var usr = Path.Combine(root, "usr");
        // A link with an absolute target leads to the machine's own loader, or nowhere.
        var loader = Directory.GetFiles(root, "ld-linux*.so.*", SearchOption.AllDirectories).First(file => new FileInfo(file).LinkTarget is not ['/', ..]);
        var libraries = Directory.GetFiles(root, "libc.so.6", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(root, "libssl.so.*", SearchOption.AllDirectories))
            .Select(file => Path.GetDirectoryName(file)!)
            .Distinct();
        string[] prefix = ["--library-path", string.Join(':', libraries)];
        ToolCommand? Tool(string folder, string name)
        {
            var path = Path.Combine(usr, folder, name);
            return File.Exists(path) ? new ToolCommand(loader, [.. prefix, path]) : null;
        }

        var mysqld = Tool("sbin", "mysqld") ?? throw new MySqlUnavailableException($"no mysqld in {root}");
        return new MySqlBinaries
        {
            Version = await MySqlBinaries.ReadVersionAsync(mysqld, cancellationToken),
            Mysqld = mysqld,
            MysqldArguments =
            [
                $"--basedir={usr}",
                $"--lc-messages-dir={usr}/share/mysql",
                $"--character-sets-dir={usr}/share/mysql/charsets",
                $"--plugin-dir={usr}/lib/mysql/plugin",
            ],
            Mysql = Tool("bin", "mysql"),
            Mysqldump = Tool("bin", "mysqldump"),
            Mysqlbinlog = Tool("bin", "mysqlbinlog"),
            Mysqladmin = Tool("bin", "mysqladmin"),
        };
    }

    [GeneratedRegex(@"^mysql-server-core(-[0-9.]+)?$")]
    private static partial Regex ServerName();

    [GeneratedRegex(@"^(lib)?perl")]
    private static partial Regex PerlName();
}
