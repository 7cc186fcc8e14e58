using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Testing;

public sealed class PackageArchiveTests
{
    private const string Stanzas = """
        # comment
        Types: deb deb-src
        # http://elsewhere.example/
        URIs: http://mirror.example/debian
        Suites: bookworm bookworm-updates
        Components: main
        Signed-By: /usr/share/keyrings/a.gpg

        Types: deb
        URIs: http://mirror.example/debian-security
        Suites: bookworm-security
        Components: main

        Types: deb
        URIs: http://off.example/debian
        Suites: bookworm
        Enabled: no
        """;

    [Fact]
    public void Stanzas_give_archive_suites_and_key()
    {
        var sources = AptSource.ParseStanzas(Stanzas).ToList();

        Assert.Equal(["http://mirror.example/debian", "http://mirror.example/debian-security"], sources.Select(s => s.Uri));
        Assert.Equal(["bookworm", "bookworm-updates"], sources[0].Suites);
        Assert.Equal("/usr/share/keyrings/a.gpg", sources[0].SignedBy);
        Assert.Null(sources[1].SignedBy);
    }

    [Fact]
    public void One_line_sources_give_archive_suite_and_key()
    {
        const string text = """
            # deb http://off.example/ubuntu noble main
            deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/ubuntu noble main universe
            deb-src http://mirror.example/ubuntu noble main
            deb http://mirror.example/ubuntu noble-updates main
            """;

        var sources = AptSource.ParseOneLine(text).ToList();

        Assert.Equal(["noble", "noble-updates"], sources.Select(s => s.Suites.Single()));
        Assert.Equal(["/k.gpg", null], sources.Select(s => s.SignedBy));
        Assert.All(sources, s => Assert.Equal("http://mirror.example/ubuntu", s.Uri));
    }

    [Fact]
    public void Debian_takes_its_mirror_with_the_unstable_suite()
    {
        var (archive, _) = PackageArchive.Choose(Release("debian", "bookworm"), AptSource.ParseStanzas(Stanzas).ToList(), series: null);

        Assert.Equal("deb [signed-by=/usr/share/keyrings/a.gpg] http://mirror.example/debian sid main\n", archive!.ToSourcesList());
    }

    [Fact]
    public void Ubuntu_takes_its_own_release()
    {
        AptSource[] sources = [new("http://mirror.example/ubuntu", ["noble"], null)];

        var (archive, _) = PackageArchive.Choose(Release("ubuntu", "noble"), sources, series: null);

        Assert.Equal(
            "deb http://mirror.example/ubuntu noble main universe\ndeb http://mirror.example/ubuntu noble-updates main universe\n",
            archive!.ToSourcesList());
    }

    [Fact]
    public void Another_series_comes_from_the_release_of_ubuntu_that_has_it()
    {
        var (onDebian, _) = PackageArchive.Choose(Release("debian", "bookworm"), AptSource.ParseStanzas(Stanzas).ToList(), "5.7");
        var (onUbuntu, _) = PackageArchive.Choose(Release("ubuntu", "noble"), [new("http://mirror.example/ubuntu", ["noble"], null)], "8.4");
        var (none, reason) = PackageArchive.Choose(Release("debian", "bookworm"), AptSource.ParseStanzas(Stanzas).ToList(), "5.1");

        Assert.Equal(["bionic", "bionic-updates"], onDebian!.Suites);
        Assert.Equal("http://mirror.example/debian", onDebian.Keyring!.Source.Uri);
        Assert.StartsWith("deb http://mirror.example/ubuntu resolute main universe\n", onUbuntu!.ToSourcesList(), StringComparison.Ordinal);
        Assert.Null(onUbuntu.Keyring);
        Assert.Null(none);
        Assert.Contains("5.1, only for 5.7, 8.0, 8.4", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fedora", "", "'fedora'")]
    [InlineData("debian", "trixie", "no archive of debian 'trixie'")]
    public void Other_systems_get_a_reason(string id, string codename, string reason)
    {
        var (archive, text) = PackageArchive.Choose(Release(id, codename), AptSource.ParseStanzas(Stanzas).ToList(), series: null);

        Assert.Null(archive);
        Assert.Contains(reason, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysql-server-core", "mysql-server-core-8.0", "mysql-server-core")]
    [InlineData("mysql-server-core-8.0", "mysql-server-core-8.4", "mysql-server-core-8.4")]
    [InlineData("mysql-server-core-9.7", "mysql-server-core-10.1", "mysql-server-core-10.1")]
    [InlineData("mysql-server-core-dbgsym", "mariadb-server-core", null)]
    public void The_plain_name_or_the_highest_version_is_chosen(string first, string second, string? expected) =>
        Assert.Equal(expected, UnpackedPackages.ChooseServer([first, second]));

    [Fact]
    public void An_unavailable_server_names_the_ways_left()
    {
        var message = new MySqlUnavailableException("nothing here").Message;

        Assert.Contains("nothing here", message, StringComparison.Ordinal);
        Assert.Contains("DTSMIGRATE_TEST_MYSQLD", message, StringComparison.Ordinal);
        Assert.Contains("Docker", message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Release(string id, string codename) =>
        new() { ["ID"] = id, ["VERSION_CODENAME"] = codename };
}
