# Every example of every page in docs/cmdlets, run as it stands against real servers. Only addresses and what needs a desktop are put in its place.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $script:hasServers = [bool](Start-TestServerSet)
    $pages = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'docs/cmdlets'
    $examples = foreach ($page in Get-ChildItem $pages -Filter '*-*.md') {
        $part = ((Get-Content $page -Raw) -split '(?m)^## Examples\s*$')[1] -split '(?m)^## ' | Select-Object -First 1
        foreach ($match in [regex]::Matches($part, '(?s)### (?<title>[^\n]+)\n.*?```powershell\n(?<code>.*?)\n```')) {
            @{ Command = $page.BaseName; Title = $match.Groups['title'].Value; Code = $match.Groups['code'].Value }
        }
    }

    # The state that the task shop is in before an example; Running where nothing is said. In this order, as each is the shortest way from the one before.
    $order = 'Nothing', 'None', 'Defined', 'Warned', 'Running', 'Stopped'
    $states = @{
        'New-MigrationConnection' = 'Nothing'; 'New-MigrationTask' = 'None'; 'Import-MigrationTask' = 'None'; 'Get-MigrationObject' = 'None'; 'Get-MigrationConnection' = 'None'
        'Set-MigrationConnection' = 'None'; 'Remove-MigrationConnection' = 'None'; 'Test-MigrationConnection' = 'None'
        'Get-MigrationTask' = 'Defined'; 'Export-MigrationTask' = 'Defined'; 'Test-MigrationPrecheck' = 'Defined'; 'Get-MigrationAssessment' = 'Defined'; 'Measure-Migration' = 'Defined'
        'Export-MigrationSchema' = 'Defined'; 'Start-Migration' = 'Defined'; 'Wait-Migration' = 'Defined'; 'Approve-MigrationPrecheck' = 'Warned'; 'Deny-MigrationPrecheck' = 'Warned'
        'Resume-Migration' = 'Stopped'; 'Restart-Migration' = 'Stopped'; 'Remove-MigrationTask' = 'Stopped'
    }
    foreach ($example in $examples) {
        $example.State = $states[$example.Command] ?? 'Running'
        if ($example.Code -match 'New-MigrationTask shop') { $example.State = 'None' }
        # What watches a task that follows its source has no end of its own.
        $example.Endless = $example.Code -match '^Watch-Migration|^Get-MigrationLog.*-Wait|^(Resume|Restart)-Migration.*-Wait|Start-Migration -Wait'
        # Those that leave another state behind come last among those of one state.
        $example.Changes = $example.Command -notmatch '^(Get|Test|Measure|Export|Watch)-' -or $example.Code -match 'Start-|New-MigrationTask'
    }
    $examples = $examples | Sort-Object { $order.IndexOf($_.State) }, { $_.Changes }, { $_.Command -eq 'Enable-MigrationTrigger' }, { $_.Command }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $testHome = Enter-TestHome
    $manifest = Get-ModuleManifestPath
    $folder = Join-Path $TestDrive 'work'
    $script:state = $script:definition = $script:runspace = $null

    function Clear-Fixture {
        # No tasks, no workers, an empty destination.
        Stop-Fixture
        Get-ChildItem $testHome -Force | Remove-Item -Recurse -Force
        Invoke-TestSql destination 'DROP DATABASE IF EXISTS shop; DROP DATABASE IF EXISTS dts_migrate'
        Remove-Item $folder -Recurse -Force -ErrorAction Ignore
        $null = New-Item -ItemType Directory -Path $folder, $folder/scripts, $folder/definitions, $folder/reports
    }

    function Stop-Fixture {
        [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Test tasks.')]
        param()
        # Whoever runs the task, this process or a worker.
        Get-MigrationStatus -ErrorAction Ignore | Where-Object WorkerPid | ForEach-Object { Stop-Migration $_.Name -Wait }
        Complete-TestRun
    }

    function New-Shell {
        [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Test tasks.')]
        param()
        # One runspace for all examples, as each import takes its time.
        $shell = [powershell]::Create()
        if (-not $script:runspace) {
            $script:runspace = [runspacefactory]::CreateRunspace()
            $script:runspace.Open()
            $shell.Runspace = $script:runspace
            $null = $shell.AddScript("Import-Module '$manifest'").Invoke()
            $shell.Commands.Clear()
        }
        $shell.Runspace = $script:runspace
        $shell
    }

    function Get-Definition {
        # All that was defined.
        $files = [IO.Directory]::EnumerateFiles($testHome, '*.json', 'AllDirectories') | Where-Object { $_ -match '[\\/](task\.json|\.connections[\\/][^\\/]+)$' }
        ($files | Sort-Object | ForEach-Object { $_; [IO.File]::ReadAllText($_) }) -join "`n"
    }

    function Enter-Fixture {
        param([string] $Wanted)
        if ($script:state -eq $Wanted) { return }
        # What runs can be stopped, and what was stopped goes on: neither begins anew.
        if ($Wanted -in 'Running', 'Stopped' -and $script:definition -and (Get-Definition) -eq $script:definition) {
            $now = (Get-MigrationStatus shop).State
            if ($Wanted -eq 'Running' -and $now -eq 'Replicating') { return }
            if ($now -in 'Replicating', 'Stopped', 'Suspended') {
                Stop-Fixture
                if ($Wanted -eq 'Running') { $null = Start-TestMigration shop }
                $script:state = $Wanted
                return
            }
        }
        Clear-Fixture
        $null = New-MigrationConnection prod $sides.SourceServer -User dts -PasswordVariable PESTER_PW
        $null = New-MigrationConnection cloud $sides.DestinationServer -User dts -PasswordVariable PESTER_PW
        if ($Wanted -ne 'Nothing') { $null = New-MigrationConnection test $sides.SourceServer -User dts -PasswordVariable PESTER_PW }
        $null = New-MigrationTask shop -Source prod -Destination cloud -Database shop -EnvironmentTag production
        Export-MigrationTask shop | Set-Content $folder/shop.json
        Export-MigrationTask shop -Format DbList | Set-Content $folder/dblist.json
        $script:definition = Get-Definition
        switch ($Wanted) {
            { $_ -in 'None', 'Nothing' } { Remove-MigrationTask shop -Confirm:$false }
            'Nothing' { Remove-MigrationConnection prod, cloud -Confirm:$false }
            'Warned' { $null = Test-MigrationPrecheck shop; Approve-MigrationPrecheck shop TablesWithoutKey -Reason 'Known.' -Confirm:$false | Out-Null }
            { $_ -in 'Running', 'Stopped' } { $null = Start-TestMigration shop }
            'Stopped' { Stop-Fixture }
        }
        $script:state = $Wanted
    }
}

AfterAll {
    if ($testHome) {
        Stop-Fixture
        Exit-TestHome $testHome
    }
    $env:PESTER_PW = $null
}

Describe 'The example' -Skip:(-not $hasServers) {
    BeforeAll {
        $script:sides = Initialize-TestAccount
        New-TestDatabase shop -Rows 20
        Invoke-TestSql source 'SET GLOBAL binlog_expire_logs_seconds = 86400'
        $env:PESTER_PW = Get-TestPassword
    }

    AfterAll {
        Invoke-TestSql source 'SET GLOBAL binlog_expire_logs_seconds = 2592000'
    }

    It '<Title> of <Command> runs without an error' -ForEach $examples {
        Enter-Fixture $State
        $text = $Code -replace '\b10\.0\.0\.5\b|\bdb1:3307\b', $sides.SourceServer -replace '\b10\.0\.0\.9\b|''db2''', "'$($sides.DestinationServer)'" -replace ' -Show\b', ''
        $shell = New-Shell
        try {
            $null = $shell.AddScript({
                    param($Folder, $Account, $Text)
                    $ErrorActionPreference = 'Stop'
                    $ConfirmPreference = 'None'
                    Set-Location $Folder
                    Set-Item function:Get-Credential ([scriptblock]::Create('$Account'))
                    $connection = @{ Source = 'prod'; Destination = 'cloud' }
                    $null = $connection, $Account
                    . ([scriptblock]::Create($Text))
                }, $true).AddParameters(@($folder, $sides.SourceCredential, $text))
            $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $run = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]$null, $output)
            if ($Endless) {
                Wait-Until 'the stream to keep up, and something to be seen' { $run.IsCompleted -or ($output.Count + $shell.Streams.Progress.Count -and (Get-MigrationStatus shop).State -eq 'Replicating') }
                $run.IsCompleted | Should -BeFalse -Because 'it watches a task that goes on'
                $shell.Stop()
            } else {
                $run.AsyncWaitHandle.WaitOne(120000) | Should -BeTrue -Because 'it should have ended within two minutes'
                { $shell.EndInvoke($run) } | Should -Not -Throw
            }
            $shell.Streams.Error | Should -BeNullOrEmpty
        } finally {
            $shell.Dispose()
            if ($Changes) { $script:state = $null }
            # What was activated cannot go on.
            if ($Command -eq 'Enable-MigrationTrigger') { $script:definition = $null }
        }
    }
}
