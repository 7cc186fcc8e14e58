#Requires -Version 7.6
<#
.SYNOPSIS
    Runs the Pester tests against out/DtsMigrate. Start it in a pwsh of its own: the module's assemblies stay loaded.
.DESCRIPTION
    The last line says `N passed, N failed, N skipped`; the exit code is 1 when a test failed.
#>
[CmdletBinding()]
param(
    # Files or folders of tests; all when left out.
    [string[]] $Path = $PSScriptRoot,

    # Pester's output: None, Normal, Detailed or Diagnostic.
    [string] $Output = 'Normal'
)

Import-Module Pester -MinimumVersion 5.5
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Output
Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
try {
    $result = Invoke-Pester -Configuration $configuration
} finally {
    Stop-TestServerSet
}
Write-Host ('{0} passed, {1} failed, {2} skipped' -f $result.PassedCount, $result.FailedCount, ($result.SkippedCount + $result.NotRunCount))
exit [int]($result.Result -ne 'Passed')
