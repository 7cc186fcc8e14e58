#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, packages or shows DtsMigrate. A thin wrapper: `dotnet build` alone lays out the module, too.
.DESCRIPTION
    Build    builds the solution; the importable module is then at out/DtsMigrate.
    Native   compiles the worker to a native program for this platform and puts it into that module, whose Start-Migration then takes it instead of a pwsh. Restores a
             compiler package and needs the platform's linker. The next build removes it, for both are of one build; take the tasks in the order Build, Native, Package.
    Test     runs `dotnet test`, then the Pester tests and PSScriptAnalyzer where these modules are installed.
    Package  writes DtsMigrate.VERSION.nupkg, for Publish-PSResource and Install-PSResource, and DtsMigrate.VERSION.zip, to unpack into a module path.
             VERSION is that of the module's manifest, the one place that has it.
    Demo     runs examples/quickstart.ps1: a migration between two real servers.
    Help     writes the MAML help of the module from docs/cmdlets.
    Needs the .NET SDK and no PowerShell module. A step that fails ends the script with exit code 1.
.EXAMPLE
    ./build.ps1 -Task Build, Test
.EXAMPLE
    ./build.ps1 -Task Build, Native, Package
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Native', 'Package', 'Demo', 'Help')]
    [string[]] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # Where Package writes to; out when left out.
    [string] $OutputPath = (Join-Path $PSScriptRoot 'out')
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$solution = Join-Path $PSScriptRoot 'DtsMigrate.sln'
$module = Join-Path $PSScriptRoot 'out/DtsMigrate'
$manifest = Join-Path $module 'DtsMigrate.psd1'
$pwsh = [System.Environment]::ProcessPath

function Invoke-Pester5 {
    if (-not (Get-Module Pester -ListAvailable | Where-Object Version -ge '5.5')) {
        Write-Output 'Pester 5.5 or later is not installed: its tests were not run.'
        return
    }
    # A process of its own: a shell that has imported the module keeps its assemblies.
    & $pwsh -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot 'tests/Pester/Invoke-Tests.ps1')
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

function Add-NativeWorker {
    # The program and what the runtime inside it wants named, for the platform that this script runs on: no other one can be linked here.
    $runtime = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
    $folder = Join-Path $module "worker/$runtime"
    dotnet publish (Join-Path $PSScriptRoot 'src/DtsMigrate.Worker/DtsMigrate.Worker.csproj') -c $Configuration -r $runtime -nologo -v quiet --output $folder `
        -p:CopyOutputSymbolsToPublishDirectory=false -p:PublishDocumentationFiles=false -p:AllowedReferenceRelatedFileExtensions=.none | Out-Host
    Get-ChildItem -LiteralPath $folder
}

function New-Package {
    # The package, with the texts of the manifest and the tags by which the gallery and its client know a module and its cmdlets.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Writes into the output folder of a build.')]
    param([hashtable] $Data, [string] $Version)
    $tags = @('PSModule', 'PSIncludes_Cmdlet') + $Data.PrivateData.PSData.Tags + ($Data.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
    $texts = @{
        PackageVersion = $Version
        Authors        = $Data.Author
        Description    = $Data.Description
        Copyright      = $Data.Copyright
        PackageTags    = $tags -join ' '
    }
    # Semicolons and commas would end a property of the command line.
    $properties = $texts.Keys | ForEach-Object { '-p:{0}={1}' -f $_, ($texts[$_] -replace '%', '%25' -replace ';', '%3B' -replace ',', '%2C') }
    dotnet pack (Join-Path $PSScriptRoot 'tools/Package/Package.csproj') -c $Configuration -nologo -v quiet --output $OutputPath @properties | Out-Host
    Get-Item -LiteralPath (Join-Path $OutputPath "DtsMigrate.$Version.nupkg")
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
    'Native' {
        Assert-Module
        Add-NativeWorker
    }
    'Package' {
        Assert-Module
        $data = Import-PowerShellDataFile -LiteralPath $manifest
        $version = $data.ModuleVersion
        if ($data.PrivateData.PSData['Prerelease']) {
            $version += '-' + $data.PrivateData.PSData.Prerelease
        }
        $null = New-Item -ItemType Directory -Force -Path $OutputPath
        $archive = Join-Path $OutputPath "DtsMigrate.$version.zip"
        Remove-Item -LiteralPath $archive -ErrorAction Ignore
        [System.IO.Compression.ZipFile]::CreateFromDirectory($module, $archive, 'Optimal', $true)
        Get-Item -LiteralPath $archive
        New-Package $data $version
    }
    'Demo' {
        Assert-Module
        & $pwsh -NoProfile -File (Join-Path $PSScriptRoot 'examples/quickstart.ps1')
    }
    'Help' {
        Assert-Module
        & $pwsh -NoProfile -File (Join-Path $PSScriptRoot 'tools/Export-MamlHelp.ps1')
    }
}
