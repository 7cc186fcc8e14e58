# Cmdlets, engine and packages live in a load context of their own; only the loader is seen by the rest of the session.
$null = [System.Reflection.Assembly]::LoadFrom((Join-Path $PSScriptRoot 'DtsMigrate.Loader.dll'))
$assembly = [DtsMigrate.Loader.ModuleLoadContext]::LoadModule((Join-Path $PSScriptRoot 'bin/DtsMigrate.PowerShell.dll'))
$inner = Import-Module -Assembly $assembly -PassThru

# A second import in one session finds the inner module cached, and PowerShell then does not export its cmdlets from here
# (PowerShell issue 20710): they are added by hand. At the first import this changes nothing.
$addExportedCmdlet = [System.Management.Automation.PSModuleInfo].GetMethod(
    'AddExportedCmdlet', [System.Reflection.BindingFlags]'Instance, NonPublic')
foreach ($cmdlet in $inner.ExportedCmdlets.Values) {
    $addExportedCmdlet.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet))
}
