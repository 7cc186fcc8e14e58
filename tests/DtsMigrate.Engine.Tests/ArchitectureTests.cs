using System.Reflection;
using System.Xml.Linq;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests;

/// <summary>References go one way: PowerShell and Worker to Engine to MySql.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["DtsMigrate.MySql"] = [],
        ["DtsMigrate.Engine"] = ["DtsMigrate.MySql"],
        ["DtsMigrate.Worker"] = ["DtsMigrate.Engine"],
        ["DtsMigrate.PowerShell"] = ["DtsMigrate.Engine"],
        ["DtsMigrate.Loader"] = [],
    };

    [Fact]
    public void Every_project_references_only_what_stands_below_it()
    {
        string sources = Path.GetDirectoryName(Path.GetDirectoryName(Repository.File("src/DtsMigrate.MySql/x"))!)!;
        string[] projects = [.. Directory.EnumerateFiles(sources, "*.csproj", SearchOption.AllDirectories)];
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), projects.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        foreach (string project in projects)
        {
            IEnumerable<string> references = XDocument.Load(project).Descendants("ProjectReference")
                .Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
                .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')));
            string name = Path.GetFileNameWithoutExtension(project);
            Assert.True(references.All(Allowed[name].Contains), $"{name} references {string.Join(", ", references)}");
        }
    }

    [Theory]
    [InlineData(typeof(MySqlSession), "DtsMigrate.Engine")]
    [InlineData(typeof(MySqlSession), "System.Management.Automation")]
    [InlineData(typeof(MigrationRun), "System.Management.Automation")]
    [InlineData(typeof(MigrationRun), "Spectre.Console")]
    public void Assemblies_below_know_nothing_of_hosts(Type inAssembly, string forbidden) =>
        Assert.DoesNotContain(inAssembly.Assembly.GetReferencedAssemblies(), (AssemblyName a) => a.Name == forbidden);
}
