using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>What the cmdlets that need the passwords of both servers share.</summary>
public abstract class ServerTaskCommand : NamedTaskCommand
{
    /// <summary>Account of the source, for a task without a reference to its password. Kept in memory only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? SourceCredential { get; set; }

    /// <summary>Account of the destination, likewise.</summary>
    [Parameter]
    [Credential]
    public PSCredential? DestinationCredential { get; set; }

    /// <summary>Where the passwords of the task come from: these parameters, the session, or what the task refers to.</summary>
    internal TaskSecrets Secrets(MigrationTask task, TaskFolder folder, PipelineThread pipeline) => new(task, folder, pipeline, SourceCredential, DestinationCredential);
}
