using System.Management.Automation;
using DtsMigrate.Engine.Browse;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Lists databases and tables of a named connection; New-MigrationTask takes them from the pipeline.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationObject")]
[OutputType(typeof(MigrationObject))]
public sealed class GetMigrationObjectCommand : ConnectionCommand
{
    /// <summary>Name of the connection.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ConnectionNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    public string Connection { get; set; } = string.Empty;

    /// <summary>Databases, or patterns; with it the tables of these are listed, without it the databases.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Database { get; set; }

    /// <summary>Tables, or patterns.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Table { get; set; }

    /// <summary>Leaves out what matches: patterns of tables as table or database.table, with databases of databases.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Exclude { get; set; } = [];

    /// <summary>What is listed: Database, Table or View; by default databases, or with -Database or -Table tables.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateSet("Database", "Table", "View")]
    public string[]? Type { get; set; }

    /// <summary>Account with its password, for a connection without a reference to it. Kept in memory only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string[] types = Type ?? [Database is null && Table is null ? "Database" : "Table"];
        foreach (ConnectionProfile profile in Resolve([Connection]))
        {
            ForInput(profile.Name, () => RunAsync(async pipeline =>
            {
                Secret password = await ConnectionSecrets.ResolveAsync(profile, Store, pipeline, Credential).ConfigureAwait(false);
                var server = new ServerConnector("server", profile.Definition, password, new TaskOptions(), TimeProvider.System);
                if (types.Contains("Database", StringComparer.OrdinalIgnoreCase))
                {
                    Write(pipeline, await ObjectBrowser.DatabasesAsync(server, name => Matches(Database, name) && !Any(Exclude, name), pipeline.StopToken).ConfigureAwait(false));
                }

                if (types.Any(type => !type.Equals("Database", StringComparison.OrdinalIgnoreCase)))
                {
                    Write(pipeline, await ObjectBrowser.TablesAsync(server, item => IsWanted(item, types), pipeline.StopToken).ConfigureAwait(false));
                }
            }));
        }
    }

    private void Write(PipelineThread pipeline, IReadOnlyList<MigrationObject> objects) => pipeline.Post(() => WriteObject(objects, enumerateCollection: true));

    private bool IsWanted(MigrationObject item, string[] types) =>
        types.Contains(item.Type, StringComparer.OrdinalIgnoreCase) && Matches(Database, item.Database) && Matches(Table, item.Table)
        && !Any(Exclude, item.Table) && !Any(Exclude, $"{item.Database}.{item.Table}");

    private static bool Matches(string[]? patterns, string text) => patterns is null || Any(patterns, text);

    private static bool Any(string[] patterns, string text) => patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text));
}
