# Every example of every page in docs/cmdlets, run as it stands against real servers. Only addresses and what needs a desktop are put in its place.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $hasServers = [bool](Start-TestServerSet)
    $pages = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'docs' 'cmdlets'
    $examples = foreach ($page in Get-ChildItem $pages -Filter '*-*.md') {
        $part = ((Get-Content $page -Raw) -split '(?m)^## Examples\s*$')[1] -split '(?m)^## ' | Select-Object -First 1
        foreach ($match in [regex]::Matches($part, '(?s)### (?<title>[^\n]+)\n.*?```powershell\n(?<code>.*?)\n```')) {
            @{ Command = $page.BaseName; Title = $match.Groups['title'].Value; Code = $match.Groups['code'].Value }
        }
    }

    # The state that the task shop is in before an example; Running where nothing is said.
    $states = @{
        'New-MigrationTask' = 'None'; 'Import-MigrationTask' = 'None'; 'New-MigrationConnection' = 'Nothing'; 'Start-Migration' = 'Defined'; 'Wait-Migration' = 'Defined'
        'Test-MigrationPrecheck' = 'Defined'; 'Approve-MigrationPrecheck' = 'Warned'; 'Deny-MigrationPrecheck' = 'Warned'; 'Resume-Migration' = 'Stopped'; 'Restart-Migration' = 'Stopped'
        'Remove-MigrationTask' = 'Stopped'; 'Get-MigrationObject' = 'None'
    }
    foreach ($example in $examples) {
        $example.State = $states[$example.Command] ?? 'Running'
        if ($example.Code -match 'New-MigrationTask shop') { $example.State = 'None' }
        # What watches a task that follows its source has no end of its own.
        $example.Endless = $example.Code -match '^Watch-Migration|^Get-MigrationLog.*-Wait|^(Resume|Restart)-Migration.*-Wait|Start-Migration -Wait'
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $testHome = Enter-TestHome
    $manifest = Get-ModuleManifestPath
    $folder = Join-Path $TestDrive 'work'
    $script:state = $null

    function Clear-Fixture {
        # No tasks, no workers, an empty destination.
        Get-MigrationStatus -ErrorAction Ignore | Where-Object WorkerPid | ForEach-Object { Stop-Migration $_.Name -Force -Confirm:$false -ErrorAction Ignore }
        Get-ChildItem $testHome -Force | Remove-Item -Recurse -Force
        Invoke-TestSql destination 'DROP DATABASE IF EXISTS shop; DROP DATABASE IF EXISTS dts_migrate'
        Remove-Item $folder -Recurse -Force -ErrorAction Ignore
        $null = New-Item -ItemType Directory -Path $folder, $folder/scripts, $folder/definitions, $folder/reports
    }

    function Enter-Fixture {
        param([string] $Wanted)
        if ($script:state -eq $Wanted) { return }
        Clear-Fixture
        $null = New-MigrationConnection prod $sides.SourceServer -User dts -PasswordVariable PESTER_PW
        $null = New-MigrationConnection cloud $sides.DestinationServer -User dts -PasswordVariable PESTER_PW
        if ($Wanted -ne 'Nothing') { $null = New-MigrationConnection test $sides.SourceServer -User dts -PasswordVariable PESTER_PW }
        $null = New-MigrationTask shop -Source prod -Destination cloud -Database shop -EnvironmentTag production
        Export-MigrationTask shop | Set-Content $folder/shop.json
        Export-MigrationTask shop -Format DbList | Set-Content $folder/dblist.json
        switch ($Wanted) {
            { $_ -in 'None', 'Nothing' } { Remove-MigrationTask shop -Confirm:$false }
            'Nothing' { Remove-MigrationConnection prod, cloud -Confirm:$false }
            'Warned' { $null = Test-MigrationPrecheck shop; Approve-MigrationPrecheck shop TablesWithoutKey -Reason 'Known.' -Confirm:$false | Out-Null }
            { $_ -in 'Running', 'Stopped' } { $null = Start-Migration shop | Wait-Migration -Until CaughtUp -Timeout 120 }
            'Stopped' { Stop-Migration shop -Wait }
        }
        $script:state = $Wanted
    }
}

AfterAll {
    $env:PESTER_PW = $null
    if ($testHome) { Exit-TestHome $testHome }
}

Describe 'The example' -Skip:(-not $hasServers) {
    BeforeAll {
        $sides = Initialize-TestAccount
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
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                    param($Manifest, $Folder, $Account, $Text)
                    $ErrorActionPreference = 'Stop'
                    $ConfirmPreference = 'None'
                    Import-Module $Manifest
                    Set-Location $Folder
                    Set-Item function:Get-Credential ([scriptblock]::Create('$Account'))
                    $connection = @{ Source = 'prod'; Destination = 'cloud' }
                    $null = $connection, $Account
                    . ([scriptblock]::Create($Text))
                }).AddParameters(@($manifest, $folder, $sides.SourceCredential, $text))
            $run = $shell.BeginInvoke()
            if (-not $run.AsyncWaitHandle.WaitOne($Endless ? 8000 : 120000)) {
                $Endless | Should -BeTrue -Because 'it should have ended within two minutes'
                $shell.Stop()
            } else {
                { $shell.EndInvoke($run) } | Should -Not -Throw
            }
            $shell.Streams.Error | Should -BeNullOrEmpty
        } finally {
            $shell.Dispose()
            # Anything but looking leaves another state behind.
            if ($Command -notmatch '^(Get|Test|Measure|Export|Watch)-' -or $Code -match 'Start-|New-MigrationTask') { $script:state = $null }
        }
    }
}
