BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $pwsh = [Environment]::ProcessPath
    $manifest = Import-PowerShellDataFile (Get-ModuleManifestPath)
    $version = '{0}-{1}' -f $manifest.ModuleVersion, $manifest.PrivateData.PSData.Prerelease
    $folder = Join-Path $TestDrive 'packages'
    $script:output = & $pwsh -NoProfile -NonInteractive -File (Join-Path $repository 'build.ps1') -Task Package -OutputPath $folder 2>&1 | Out-String
    $script:package = Join-Path $folder "DtsMigrate.$version.nupkg"
    $script:count = @($manifest.CmdletsToExport).Count
}

Describe 'build.ps1 -Task Package' {
    It 'makes a package and an archive with the version of the manifest' {
        $package | Should -Exist -Because $output
        Join-Path $folder "DtsMigrate.$version.zip" | Should -Exist
    }

    It 'has the version in one place' {
        $places = git -C $repository grep -lF "'$($manifest.ModuleVersion)'" -- '*.psd1' '*.props' '*.csproj'
        $places | Should -Be 'module/DtsMigrate/DtsMigrate.psd1'
        $assembly = Join-Path (Split-Path (Get-ModuleManifestPath)) 'bin/DtsMigrate.Engine.dll'
        [Reflection.AssemblyName]::GetAssemblyName($assembly).Version.ToString(3) | Should -Be $manifest.ModuleVersion
    }

    It 'says in the package what the gallery wants to know' {
        $archive = [IO.Compression.ZipFile]::OpenRead($package)
        try {
            $entry = $archive.GetEntry('DtsMigrate.nuspec')
            [xml]$nuspec = [IO.StreamReader]::new($entry.Open()).ReadToEnd()
            $names = $archive.Entries.FullName
        } finally {
            $archive.Dispose()
        }
        $data = $nuspec.package.metadata
        $data.id, $data.version, $data.authors | Should -Be 'DtsMigrate', $version, $manifest.Author
        $data.description | Should -Be $manifest.Description
        $data.license.'#text' | Should -Be 'MIT'
        $tags = $data.tags -split ' '
        'PSModule', 'PSEdition_Core', 'PSIncludes_Cmdlet', 'PSCmdlet_Start-Migration', 'PSCommand_Start-Migration', 'MySQL' | ForEach-Object { $tags | Should -Contain $_ }
        $nuspec.package.metadata.dependencies | Should -BeNullOrEmpty
        'DtsMigrate.psd1', 'DtsMigrate.psm1', 'LICENSE', 'bin/DtsMigrate.Engine.dll', 'en-US/about_DtsMigrate.help.txt', '[Content_Types].xml' | ForEach-Object { $names | Should -Contain $_ }
    }

    It 'is taken by the package client into a fresh folder, from which the module imports' {
        $project = Join-Path $TestDrive 'client/client.csproj'
        $null = New-Item -ItemType Directory -Path (Split-Path $project)
        Set-Content $project @"
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
    <RestoreSources>$folder</RestoreSources>
    <RestorePackagesPath>$TestDrive/installed</RestorePackagesPath>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
    <DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>
  </PropertyGroup>
  <ItemGroup><PackageDownload Include="DtsMigrate" Version="[$version]" /></ItemGroup>
</Project>
"@
        $words = dotnet restore $project 2>&1 | Out-String
        $installed = Join-Path $TestDrive "installed/dtsmigrate/$($version.ToLowerInvariant())/DtsMigrate.psd1"
        $installed | Should -Exist -Because $words
        $script = "Import-Module '$installed'; '{0} {1}' -f (Get-Module DtsMigrate).Version, (Get-Command -Module DtsMigrate).Count"
        & $pwsh -NoProfile -NonInteractive -Command $script | Should -Be "$($manifest.ModuleVersion) $count"
    }

    It 'is taken by Install-PSResource' -Skip:(-not (Get-Command Install-PSResource -ErrorAction Ignore)) {
        Register-PSResourceRepository -Name DtsMigratePester -Uri $folder -Trusted
        try {
            Save-PSResource DtsMigrate -Prerelease -Repository DtsMigratePester -Path $TestDrive/saved -TrustRepository
        } finally {
            Unregister-PSResourceRepository DtsMigratePester
        }
        Join-Path $TestDrive "saved/DtsMigrate/$($manifest.ModuleVersion)/DtsMigrate.psd1" | Should -Exist
    }

    It 'makes an archive that can be unpacked into a module path' {
        Expand-Archive (Join-Path $folder "DtsMigrate.$version.zip") -DestinationPath (Join-Path $TestDrive 'modules')
        $script = "`$env:PSModulePath = '$TestDrive/modules'; Import-Module DtsMigrate; (Get-Command -Module DtsMigrate).Count"
        & $pwsh -NoProfile -NonInteractive -Command $script | Should -Be $count
    }
}
