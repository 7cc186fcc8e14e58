<#
.SYNOPSIS
Runs the Pester tests and PSScriptAnalyzer where they are installed, and writes "passed failed skipped" to a file.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Result
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$passed = 0
$failed = 0
$skipped = 0
Write-Output "PowerShell $($PSVersionTable.PSVersion)"

$tests = Join-Path $root 'tests/Pester'
$pester = Get-Module -ListAvailable Pester | Where-Object Version -GE '5.0' | Sort-Object Version -Descending | Select-Object -First 1
if (-not $pester) {
    Write-Output 'not run: Pester, because no version 5 or later is installed'
}
elseif (-not (Get-ChildItem $tests -Recurse -Filter '*.Tests.ps1' -ErrorAction Ignore)) {
    Write-Output 'not run: Pester, because tests/Pester has no tests'
}
else {
    Write-Output "Pester $($pester.Version)"
    Import-Module $pester.Path
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $tests
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'Normal'
    $configuration.Output.CIFormat = 'None'
    # Tests look for members that may not be there, as whoever starts Pester by hand lets them.
    Set-StrictMode -Off
    $run = Invoke-Pester -Configuration $configuration
    Set-StrictMode -Version Latest
    $passed += $run.PassedCount
    # A file or a block that breaks may hold tests that never ran: each counts as one failure.
    $failed += $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
    $skipped += $run.SkippedCount + $run.NotRunCount
}

$analyzer = Get-Module -ListAvailable PSScriptAnalyzer | Sort-Object Version -Descending | Select-Object -First 1
if (-not $analyzer) {
    Write-Output 'not run: PSScriptAnalyzer, because it is not installed'
}
else {
    Write-Output "PSScriptAnalyzer $($analyzer.Version)"
    Import-Module $analyzer.Path
    $places = 'module', 'build.ps1', 'examples', 'tools', 'tests/Pester', '.ci' | ForEach-Object { Join-Path $root $_ } | Where-Object { Test-Path $_ }
    $findings = @(foreach ($preset in 'PSGallery', 'CmdletDesign') {
            $places | ForEach-Object { Invoke-ScriptAnalyzer -Path $_ -Recurse -Settings $preset -Severity Error, Warning }
        })
    $findings | ForEach-Object { Write-Output "$($_.ScriptPath):$($_.Line): $($_.RuleName): $($_.Message)" }
    $failed += $findings.Count
    Write-Output "$($findings.Count) findings"
}

Set-Content -Path $Result -Value "$passed $failed $skipped"
