using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Lists the named connections.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationConnection")]
[OutputType(typeof(MigrationConnectionInfo))]
public sealed class GetMigrationConnectionCommand : ConnectionCommand
{
    /// <summary>Names or patterns of connections; all when left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ConnectionProfile profile in Resolve(Name))
        {
            WriteObject(MigrationConnectionInfo.From(profile, Store));
        }
    }
}
