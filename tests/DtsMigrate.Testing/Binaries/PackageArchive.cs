namespace DtsMigrate.Testing;

/// <summary>Which archive to take packages from: Debian's unstable, or the running release of Ubuntu.</summary>
internal sealed record PackageArchive(AptSource Source, IReadOnlyList<string> Suites, IReadOnlyList<string> Components)
{
    internal const string AptFolder = "/etc/apt";

    /// <summary>The archive for this machine, or the reason why there is none.</summary>
    internal static (PackageArchive? Archive, string Reason) ForThisMachine()
    {
        const string osRelease = "/etc/os-release";
        if (!File.Exists(osRelease))
        {
            return (null, "this system is neither Debian nor Ubuntu, whose packages could be unpacked");
        }

        var release = File.ReadLines(osRelease)
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('"'), StringComparer.Ordinal);
        return Choose(release, AptSource.ReadAll(AptFolder).ToList());
    }

    internal static (PackageArchive? Archive, string Reason) Choose(IReadOnlyDictionary<string, string> release, IReadOnlyList<AptSource> sources)
    {
        var id = release.GetValueOrDefault("ID", "");
        if (id is not ("debian" or "ubuntu"))
        {
            return (null, $"this system is '{id}', neither Debian nor Ubuntu, whose packages could be unpacked");
        }

        var codename = release.GetValueOrDefault("VERSION_CODENAME", "");
        string[] names = [codename, "stable", "testing", "unstable", "sid"];
        var source = sources.FirstOrDefault(s => s.Suites.Any(suite => suite.Length > 0 && names.Contains(suite)));
        if (source is null)
        {
            return (null, $"no archive of {id} '{codename}' among the apt sources of this system");
        }

        return id == "debian"
            ? (new PackageArchive(source, ["sid"], ["main"]), "")
            : (new PackageArchive(source, [codename, codename + "-updates"], ["main", "universe"]), "");
    }

    /// <summary>The lines of a sources.list(5) for this archive alone.</summary>
    internal string ToSourcesList()
    {
        var options = Source.SignedBy is null ? "" : $"[signed-by={Source.SignedBy}] ";
        return string.Concat(Suites.Select(suite => $"deb {options}{Source.Uri} {suite} {string.Join(' ', Components)}\n"));
    }
}
