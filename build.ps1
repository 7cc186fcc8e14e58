#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, packages or shows DtsMigrate. A thin wrapper: `dotnet build` alone lays out the module, too.
.DESCRIPTION
    Build    builds the solution; the importable module is then at out/DtsMigrate.
    Test     runs `dotnet test`, then the Pester tests and PSScriptAnalyzer where these modules are installed.
    Package  writes out/DtsMigrate.VERSION.zip, ready to unpack into a module path.
    Demo     runs examples/quickstart.ps1: a migration between two real servers.
    Help     writes the MAML help of the module from docs/cmdlets.
    Needs the .NET SDK and no PowerShell module. A step that fails ends the script with exit code 1.
.EXAMPLE
    ./build.ps1 -Task Build, Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Package', 'Demo', 'Help')]
    [string[]] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$solution = Join-Path $PSScriptRoot 'DtsMigrate.sln'
$module = Join-Path $PSScriptRoot 'out' 'DtsMigrate'
$manifest = Join-Path $module 'DtsMigrate.psd1'
$pwsh = [System.Environment]::ProcessPath

function Invoke-Pester5 {
    if (-not (Get-Module Pester -ListAvailable | Where-Object Version -ge '5.5')) {
        Write-Output 'Pester 5.5 or later is not installed: its tests were not run.'
        return
    }
    # A process of its own: a shell that has imported the module keeps its assemblies.
    & $pwsh -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot 'tests' 'Pester' 'Invoke-Tests.ps1')
}

function Invoke-Analyzer {
    if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
        Write-Output 'PSScriptAnalyzer is not installed: it was not run.'
        return
    }
    $folders = 'build.ps1', 'module', 'examples', 'tools', 'tests/Pester' | ForEach-Object { Join-Path $PSScriptRoot $_ }
    $findings = $folders | ForEach-Object { Invoke-ScriptAnalyzer -Path $_ -Recurse -Settings (Join-Path $PSScriptRoot 'PSScriptAnalyzerSettings.psd1') }
    $findings | Format-Table -AutoSize ScriptName, Line, RuleName, Message | Out-Host
    if ($findings) {
        throw "PSScriptAnalyzer has $(@($findings).Count) findings."
    }
    Write-Output 'PSScriptAnalyzer: no findings.'
}

function Assert-Module {
    if (-not (Test-Path -LiteralPath $manifest)) {
        throw "There is no module at '$module'. Run ./build.ps1 -Task Build first."
    }
}

switch ($Task) {
    'Build' {
        dotnet build -c $Configuration $solution -nologo
    }
    'Test' {
        dotnet test -c $Configuration $solution -nologo
        Invoke-Pester5
        Invoke-Analyzer
    }
    'Package' {
        Assert-Module
        $data = Import-PowerShellDataFile -LiteralPath $manifest
        $version = $data.ModuleVersion
        if ($data.PrivateData.PSData['Prerelease']) {
            $version += '-' + $data.PrivateData.PSData.Prerelease
        }
        $archive = Join-Path $PSScriptRoot 'out' "DtsMigrate.$version.zip"
        Remove-Item -LiteralPath $archive -ErrorAction Ignore
        [System.IO.Compression.ZipFile]::CreateFromDirectory($module, $archive, 'Optimal', $true)
        Get-Item -LiteralPath $archive
    }
    'Demo' {
        Assert-Module
        & $pwsh -NoProfile -File (Join-Path $PSScriptRoot 'examples' 'quickstart.ps1')
    }
    'Help' {
        Assert-Module
        & $pwsh -NoProfile -File (Join-Path $PSScriptRoot 'tools' 'Export-MamlHelp.ps1')
    }
}
