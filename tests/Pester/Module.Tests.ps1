BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    # The worker is for the launcher alone.
    $script:commands = Get-Command -Module DtsMigrate | Where-Object Name -NE 'Invoke-MigrationWorker' | ForEach-Object { @{ Command = $_ } }
    $script:records = @(
        @{ Type = 'DtsMigrate.Engine.Progress.MigrationStatus' }
        @{ Type = 'DtsMigrate.Engine.Precheck.PrecheckResult' }
        @{ Type = 'DtsMigrate.PowerShell.MigrationTaskInfo' }
        @{ Type = 'DtsMigrate.Engine.Progress.TableStatus' }
        @{ Type = 'DtsMigrate.PowerShell.MigrationLogEntry' }
        @{ Type = 'DtsMigrate.PowerShell.MigrationDdlInfo' }
        @{ Type = 'DtsMigrate.Engine.Assessment.AssessmentItem' }
        @{ Type = 'DtsMigrate.Engine.Assessment.AssessmentReport' }
        @{ Type = 'DtsMigrate.PowerShell.MigrationConnectionInfo' }
        @{ Type = 'DtsMigrate.Engine.Connections.ConnectionTest' }
        @{ Type = 'DtsMigrate.Engine.Browse.MigrationObject' }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $manifest = Get-ModuleManifestPath
    Import-Module $manifest
    $script:pwsh = [Environment]::ProcessPath
}

Describe 'The module' {
    It 'has a valid manifest' {
        Test-ModuleManifest $manifest | Should -Not -BeNullOrEmpty
    }

    It 'exports what its manifest says, and nothing else' {
        $module = Get-Module DtsMigrate
        $module.ExportedCommands.Keys | Sort-Object | Should -Be ((Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object)
        $module.ExportedCommands.Values.CommandType | Select-Object -Unique | Should -Be 'Cmdlet'
    }

    It 'has a page and a Pester file for every cmdlet' {
        $repository = Split-Path (Split-Path $PSScriptRoot)
        foreach ($name in (Get-Module DtsMigrate).ExportedCommands.Keys | Where-Object { $_ -ne 'Invoke-MigrationWorker' }) {
            Join-Path $repository "docs/cmdlets/$name.md" | Should -Exist
            Join-Path $PSScriptRoot "$name.Tests.ps1" | Should -Exist
        }
    }

    It 'has the version of its assemblies' {
        $assembly = Join-Path (Split-Path $manifest) 'bin/DtsMigrate.PowerShell.dll'
        [Reflection.AssemblyName]::GetAssemblyName($assembly).Version.ToString(3) | Should -Be (Get-Module DtsMigrate).Version.ToString()
    }

    It 'imports silently, and says how long it took' {
        $script = @'
$clock = [Diagnostics.Stopwatch]::StartNew()
$streams = Import-Module '{0}' *>&1
$clock.Stop()
'{{0}} {{1:0}}' -f @($streams).Count, $clock.Elapsed.TotalMilliseconds
'@ -f $manifest
        $count, $milliseconds = (& $pwsh -NoProfile -NonInteractive -Command $script) -split ' '
        $count | Should -Be 0
        # The aim is 500 ms on a quiet machine; a busy one must not fail the test.
        Write-Host "      import: $milliseconds ms"
        [int]$milliseconds | Should -BeLessThan 15000
    }

    It 'keeps its cmdlets over a second import' {
        $script = "Import-Module '$manifest'; Import-Module '$manifest' -Force; (Get-Command -Module DtsMigrate).Count"
        & $pwsh -NoProfile -NonInteractive -Command $script | Should -Be (Import-PowerShellDataFile $manifest).CmdletsToExport.Count
    }

    It 'loads its packages into its own context only' {
        $contexts = [Runtime.Loader.AssemblyLoadContext]
        $own = $contexts::All | Where-Object Name -EQ 'DtsMigrate'
        $own.Assemblies.GetName().Name | Should -Contain 'DtsMigrate.PowerShell'
        $contexts::Default.Assemblies.GetName().Name | Where-Object { $_ -like 'DtsMigrate.*' } | Should -Be 'DtsMigrate.Loader'
    }

    It 'keeps its packages apart from another version of them in the session' {
        $script = @'
$other = [Reflection.Emit.PersistedAssemblyBuilder]::new([Reflection.AssemblyName]'MimeKit, Version=1.2.3.4', [object].Assembly)
$null = $other.DefineDynamicModule('MimeKit')
$other.Save('{0}/MimeKit.dll')
$null = [Reflection.Assembly]::LoadFrom('{0}/MimeKit.dll')
Import-Module '{1}'
$own = [Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ 'DtsMigrate'
$theirs = $own.LoadFromAssemblyName([Reflection.AssemblyName]'MimeKit')
$mine = [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | Where-Object {{ $_.GetName().Name -eq 'MimeKit' }}
'{{0}} {{1}} {{2}}' -f $mine.GetName().Version, ($theirs.GetName().Version.Major -ge 4), [bool]$theirs.GetType('MimeKit.MimeMessage')
'@ -f $TestDrive, $manifest
        & $pwsh -NoProfile -NonInteractive -Command $script | Should -Be '1.2.3.4 True True'
    }

    It 'ships its licence, and names every assembly that is not its own' {
        $root = Split-Path $manifest
        Join-Path $root 'LICENSE' | Should -Exist
        $notices = Get-Content (Join-Path $root 'ThirdPartyNotices.txt') -Raw
        foreach ($assembly in Get-ChildItem (Join-Path $root 'bin') -Filter *.dll | Where-Object Name -NotLike 'DtsMigrate.*') {
            $notices | Should -Match ([regex]::Escape($assembly.Name))
        }
    }

    It 'has an about topic' {
        Get-Help about_DtsMigrate | Out-String | Should -Match 'How tasks, workers and passwords work together'
    }

    It 'has a topic about <_>' -ForEach 'Tasks', 'Prechecks', 'Worker', 'Throttling', 'Security', 'Troubleshooting' {
        $text = Get-Help "about_DtsMigrate_$_" | Out-String
        $text | Should -Match 'SHORT DESCRIPTION'
        # What it names is there.
        foreach ($name in [regex]::Matches($text, '\b(?:New|Get|Set|Remove|Test|Measure|Enable|Export|Import|Approve|Deny|Start|Stop|Suspend|Resume|Restart|Wait|Watch)-Migration\w*').Value | Select-Object -Unique) {
            Get-Command $name -Module DtsMigrate | Should -Not -BeNullOrEmpty -Because $name
        }
    }

    It 'has the help that docs/cmdlets say' {
        $repository = Split-Path (Split-Path $PSScriptRoot)
        $fresh = Join-Path $TestDrive 'help.xml'
        $null = & (Join-Path $repository 'tools/Export-MamlHelp.ps1') -Path $fresh
        $kept = Join-Path $repository 'module/DtsMigrate/en-US/DtsMigrate.PowerShell.dll-Help.xml'
        (Get-Content $fresh -Raw) | Should -BeExactly (Get-Content $kept -Raw)
    }
}

Describe '<Command.Name>' -ForEach $commands {
    It 'has an approved verb' {
        (Get-Verb).Verb | Should -Contain $Command.Verb
    }

    It 'says what it gives' {
        $Command.OutputType | Should -Not -BeNullOrEmpty
    }

    It 'has a synopsis, a description and examples in its help' {
        $help = Get-Help $Command.Name -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
    }

    It 'describes each of its parameters' {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        $help = Get-Help $Command.Name -Full
        foreach ($name in $Command.Parameters.Keys | Where-Object { $_ -notin $common }) {
            $parameter = $help.parameters.parameter | Where-Object name -EQ $name
            $parameter.description.Text | Should -Not -BeNullOrEmpty -Because "-$name needs words"
        }
    }

    It 'has examples that parse' {
        foreach ($example in (Get-Help $Command.Name -Full).examples.example) {
            $errors = $null
            $null = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref]$null, [ref]$errors)
            $errors | Should -BeNullOrEmpty -Because $example.title
        }
    }

    It 'asks before it changes anything' {
        $Command.Parameters.ContainsKey('WhatIf') | Should -Be ($Command.Verb -notin 'Get', 'Test', 'Wait', 'Watch', 'Measure')
    }

    It 'takes at most one parameter by value per parameter set' {
        foreach ($set in $Command.ParameterSets) {
            @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1
        }
    }

    It 'takes no password in clear text' {
        $Command.Parameters.Values | Where-Object { $_.Name -match 'Password$' -and $_.ParameterType -ne [switch] } | Should -BeNullOrEmpty
    }
}

Describe '<Type>' -ForEach $records {
    It 'has a table of at most eight columns, and a list' {
        $views = (Get-FormatData -TypeName $Type -PowerShellVersion 7.6).FormatViewDefinition
        $table = $views.Control | Where-Object { $_ -is [System.Management.Automation.TableControl] }
        $table.Headers.Count | Should -BeIn (3..8)
        $views.Control | Where-Object { $_ -is [System.Management.Automation.ListControl] } | Should -Not -BeNullOrEmpty
    }

    It 'has a default display set' {
        (Get-TypeData $Type).DefaultDisplayPropertySet.ReferencedProperties | Should -Not -BeNullOrEmpty
    }
}
