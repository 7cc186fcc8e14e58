using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Session;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Connects to named servers and shows version, TLS, latency, binary log, GTID and privileges. Changes nothing there.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MigrationConnection")]
[OutputType(typeof(ConnectionTest), typeof(bool))]
public sealed class TestMigrationConnectionCommand : ConnectionCommand
{
    /// <summary>Names or patterns of connections.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Account with its password, for a connection without a reference to it. Kept in memory only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Gives one Boolean per connection: true when it can be connected to.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ConnectionProfile profile in Resolve(Name))
        {
            ForInput(profile.Name, () => RunAsync(async pipeline =>
            {
                Secret password = await ConnectionSecrets.ResolveAsync(profile, Store, pipeline, Credential).ConfigureAwait(false);
                ConnectionTest test = await ConnectionTester.RunAsync(profile.Name, profile.Definition, password, TimeProvider.System, pipeline.StopToken).ConfigureAwait(false);
                pipeline.Post(() => WriteObject(Quiet ? test.Outcome == "Passed" : test));
            }));
        }
    }
}
