using System.Text.RegularExpressions;

namespace DtsMigrate.Testing;

/// <summary>
/// An apt of our own: its sources, lists, package state and downloads live in one folder, so it needs no root and leaves
/// the system's apt alone. The machine's apt settings (proxies, keys) still hold, but not its hooks.
/// </summary>
internal sealed partial class PrivateApt
{
    private static readonly string[] Tools = ["apt-get", "apt-cache", "dpkg-deb"];

    private readonly string _root;
    private readonly Dictionary<string, string> _environment;

    private PrivateApt(string root)
    {
        _root = root;
        _environment = new Dictionary<string, string> { ["APT_CONFIG"] = Path.Combine(root, "apt.conf"), ["LC_ALL"] = "C" };
    }

    /// <summary>The tool that is missing here, or null.</summary>
    internal static string? MissingTool() => Tools.FirstOrDefault(tool => ProcessRunner.FindOnPath(tool) is null);

    /// <summary>Writes the configuration into <paramref name="root"/> and reads the archive's package lists.</summary>
    internal static async Task<PrivateApt> CreateAsync(string root, PackageArchive archive, CancellationToken cancellationToken)
    {
        foreach (var folder in (string[])["state/lists/partial", "cache/archives/partial", "conf.d"])
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }

        // Nothing counts as installed, so the resolver names every library down to libc.
        await File.WriteAllTextAsync(Path.Combine(root, "status"), "", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(root, "sources.list"), archive.ToSourcesList(), cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(root, "apt.conf"),
            $"""
            Dir::State "{root}/state";
            Dir::State::status "{root}/status";
            Dir::Cache "{root}/cache";
            Dir::Etc::parts "{root}/conf.d";
            Dir::Etc::sourcelist "{root}/sources.list";
            Dir::Etc::sourceparts "/dev/null";
            Dir::Etc::preferences "/dev/null";
            Dir::Etc::preferencesparts "/dev/null";

            """,
            cancellationToken);
        LinkSystemSettings(Path.Combine(root, "conf.d"));

        // Read last: the system's hooks would touch the system's own cache, its extra indexes are not needed.
        await File.WriteAllTextAsync(
            Path.Combine(root, "conf.d", "zzz-dtsmigrate"),
            """
            #clear APT::Update::Pre-Invoke;
            #clear APT::Update::Post-Invoke;
            #clear APT::Update::Post-Invoke-Success;
            #clear Acquire::IndexTargets::deb::DEP-11;
            #clear Acquire::IndexTargets::deb::DEP-11-icons-small;
            #clear Acquire::IndexTargets::deb::DEP-11-icons;
            #clear Acquire::IndexTargets::deb::DEP-11-icons-hidpi;
            #clear Acquire::IndexTargets::deb::DEP-11-icons-large;
            #clear Acquire::IndexTargets::deb::DEP-11-icons-large-hidpi;
            #clear Acquire::IndexTargets::deb::CNF;
            Acquire::Languages "none";
            APT::Install-Recommends "false";
            APT::Sandbox::User "root";

            """,
            cancellationToken);
        var apt = new PrivateApt(root);
        await apt.RunAsync("apt-get", ["update", "-qq"], cancellationToken);
        return apt;
    }

    /// <summary>All package names that begin with <paramref name="prefix"/>.</summary>
    internal async Task<IReadOnlyList<string>> NamesAsync(string prefix, CancellationToken cancellationToken)
    {
        var text = await RunAsync("apt-cache", ["pkgnames", prefix], cancellationToken);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The packages with everything they depend on, as <c>name=version</c>.</summary>
    internal async Task<IReadOnlyList<string>> ResolveAsync(IEnumerable<string> packages, CancellationToken cancellationToken)
    {
        var text = await RunAsync("apt-get", ["install", "--simulate", "-qq", .. packages], cancellationToken);
        return [.. InstallLine().Matches(text).Select(m => $"{m.Groups[1].Value}={m.Groups[2].Value}")];
    }

    /// <summary>Downloads the packages, each checked by apt against the signed lists, and unpacks them into <paramref name="target"/>.</summary>
    internal async Task UnpackAsync(IEnumerable<string> packages, string target, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "debs")).FullName;
        // 'download' writes into the working directory, which belongs to the whole process here: hence the shell.
        await RunAsync("sh", ["-c", "cd \"$0\" && exec apt-get download -qq \"$@\"", folder, .. packages], cancellationToken);
        foreach (var file in Directory.GetFiles(folder, "*.deb").Order(StringComparer.Ordinal))
        {
            await RunAsync("dpkg-deb", ["-x", file, target], cancellationToken);
        }
    }

    private static void LinkSystemSettings(string target)
    {
        var parts = Path.Combine(PackageArchive.AptFolder, "apt.conf.d");
        foreach (var file in Directory.Exists(parts) ? Directory.GetFiles(parts) : [])
        {
            File.CreateSymbolicLink(Path.Combine(target, Path.GetFileName(file)), file);
        }
    }

    private async Task<string> RunAsync(string tool, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await ProcessRunner.RunAsync(tool, arguments, null, _environment, cancellationToken);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{tool} ended with exit code {result.ExitCode}: {result.Error.Trim()}");
    }

    [GeneratedRegex(@"^Inst (\S+) \((\S+) ", RegexOptions.Multiline)]
    private static partial Regex InstallLine();
}
