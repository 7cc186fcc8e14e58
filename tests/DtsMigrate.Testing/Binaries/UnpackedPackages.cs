using System.Text.RegularExpressions;

namespace DtsMigrate.Testing;

/// <summary>MySQL from the distribution's packages, unpacked into the cache with all libraries and started by its own loader.</summary>
internal static partial class UnpackedPackages
{
    private const string Server = "mysql-server-core";
    private const string Client = "mysql-client-core";
    private const string ReadyMark = ".ready";

    /// <summary>Returns the unpacked server, from the cache where it is there already.</summary>
    internal static async Task<MySqlBinaries> FindAsync(CancellationToken cancellationToken)
    {
        if (Cached() is { } cached)
        {
            return await DescribeAsync(cached, cancellationToken);
        }

        var (archive, reason) = OperatingSystem.IsLinux()
            ? PackageArchive.ForThisMachine()
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
        return await DescribeAsync(Cached() ?? await FetchAsync(archive, cancellationToken), cancellationToken);
    }

    /// <summary>The unversioned name where there is one, else the one with the highest version.</summary>
    internal static string? ChooseServer(IEnumerable<string> names) =>
        names.Where(name => ServerName().IsMatch(name))
            .OrderByDescending(name => name == Server)
            .ThenByDescending(name => Version.TryParse(name[Server.Length..].TrimStart('-'), out var version) ? version : new Version())
            .FirstOrDefault();

    private static string? Cached() =>
        Directory.GetDirectories(CacheFolder.Root, "mysql-*")
            .Where(folder => File.Exists(Path.Combine(folder, ReadyMark)))
            .OrderByDescending(Directory.GetCreationTimeUtc)
            .FirstOrDefault();

    private static async Task<string> FetchAsync(PackageArchive archive, CancellationToken cancellationToken)
    {
        var temporary = CacheFolder.NewTemporary();
        try
        {
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
            var final = Path.Combine(CacheFolder.Root, "mysql-" + version.Replace(':', '-'));
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

    private static async Task<MySqlBinaries> DescribeAsync(string root, CancellationToken cancellationToken)
    {
        var usr = Path.Combine(root, "usr");
        var loader = Directory.GetFiles(root, "ld-linux*.so.*", SearchOption.AllDirectories).First();
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
