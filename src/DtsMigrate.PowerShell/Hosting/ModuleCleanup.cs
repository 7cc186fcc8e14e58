using System.Management.Automation;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Forgets the session's passwords when the module is removed.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => SessionSecrets.Clear();
}
