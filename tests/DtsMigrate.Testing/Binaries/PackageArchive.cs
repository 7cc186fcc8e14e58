namespace DtsMigrate.Testing;

/// <summary>Which archive to take packages from: Debian's unstable, the running release of Ubuntu, or for a series that neither has the release of Ubuntu that does.</summary>
internal sealed record PackageArchive(AptSource Source, IReadOnlyList<string> Suites, IReadOnlyList<string> Components)
{
    internal const string UbuntuKeyring = "ubuntu-keyring";
    private const string UbuntuArchive = "http://archive.ubuntu.com/ubuntu";

    // The last release of Ubuntu that carries each series.
    private static readonly Dictionary<string, string> Releases = new(StringComparer.Ordinal) { ["5.7"] = "bionic", ["8.0"] = "noble", ["8.4"] = "resolute" };

    internal const string AptFolder = "/etc/apt";

    /// <summary>Where this archive's keys come from when the machine has none for it.</summary>
    internal PackageArchive? Keyring { get; private init; }

    /// <summary>The archive for this machine, or the reason why there is none.</summary>
    /// <param name="series">Such as 8.0; null for what the machine's own distribution has.</param>
    internal static (PackageArchive? Archive, string Reason) ForThisMachine(string? series)
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
        return Choose(release, AptSource.ReadAll(AptFolder).ToList(), series);
    }

    internal static (PackageArchive? Archive, string Reason) Choose(IReadOnlyDictionary<string, string> release, IReadOnlyList<AptSource> sources, string? series)
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

        var own = id == "debian" ? new PackageArchive(source, ["sid"], ["main"]) : OfUbuntu(source, codename);
        if (series is null)
        {
            return (own, "");
        }

        if (!Releases.TryGetValue(series, out var carries))
        {
            return (null, $"no packages are known for MySQL {series}, only for {string.Join(", ", Releases.Keys)}");
        }

        return (id == "debian" ? OfUbuntu(new AptSource(UbuntuArchive, [carries], null), carries) with { Keyring = own } : OfUbuntu(source, carries), "");
    }

    private static PackageArchive OfUbuntu(AptSource source, string codename) => new(source, [codename, codename + "-updates"], ["main", "universe"]);

    /// <summary>The lines of a sources.list(5) for this archive alone.</summary>
    internal string ToSourcesList()
    {
        var options = Source.SignedBy is null ? "" : $"[signed-by={Source.SignedBy}] ";
        return string.Concat(Suites.Select(suite => $"deb {options}{Source.Uri} {suite} {string.Join(' ', Components)}\n"));
    }
}
