# What happens at a real terminal: Ctrl+C in each mode, a terminal that is closed, two shells.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $script:hasServers = [bool](Start-TestServerSet)
    $script:hasTerminal = [bool](Get-Command tmux -ErrorAction Ignore)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $testHome = Enter-TestHome
    $pwsh = [Environment]::ProcessPath
    $socket = 'pester-' + [guid]::NewGuid().ToString('n').Substring(0, 8)

    function Open-Terminal {
        # A terminal with pwsh and the module in it.
        param([string] $Name)
        tmux -L $socket new-session -d -s $Name -x 160 -y 45 -e "DTSMIGRATE_HOME=$testHome" -e "PESTER_PW=$env:PESTER_PW" $pwsh -NoProfile -NoLogo
        Send-Line $Name "Import-Module '$(Get-ModuleManifestPath)'; 'ready' + '!'"
        Wait-Screen $Name 'ready!'
    }

    function Send-Line {
        param([string] $Name, [string] $Text)
        tmux -L $socket send-keys -t $Name -l $Text
        tmux -L $socket send-keys -t $Name Enter
    }

    function Get-Screen {
        param([string] $Name)
        (tmux -L $socket capture-pane -p -J -S -200 -t $Name) -join "`n"
    }

    function Wait-Screen {
        param([string] $Name, [string] $Pattern, [int] $Seconds = 60)
        try {
            Wait-Until "'$Pattern' on the screen" { (Get-Screen $Name) -match $Pattern } -Seconds $Seconds
        } catch {
            throw "$_`n$(Get-Screen $Name)"
        }
    }

    function Add-SlowTask {
        # A task that copies a row a second: it is at work whenever Ctrl+C comes.
        param([string] $Name)
        New-TestDatabase $Name -Rows 500
        $null = New-MigrationTask $Name -SourceServer $sides.SourceServer -SourceUser dts -SourcePasswordVariable PESTER_PW -DestinationServer $sides.DestinationServer -DestinationUser dts `
            -DestinationPasswordVariable PESTER_PW -Database $Name -FullRowsPerSecond 1
    }
}

AfterAll {
    tmux -L $socket kill-server 2>$null
    $env:PESTER_PW = $null
    Exit-TestHome $testHome
}

Describe 'At a terminal' -Skip:(-not ($hasServers -and $hasTerminal)) {
    BeforeAll {
        $script:sides = Initialize-TestAccount
        $env:PESTER_PW = Get-TestPassword
    }

    It 'a worker that is started by hand is refused, and the shell keeps its terminal' {
        Open-Terminal byhand
        Send-Line byhand "Invoke-MigrationWorker -Name byhand -HomePath '$testHome'; 'still ' + 'here'"
        Wait-Screen byhand 'still here'
        Send-Line byhand "'id: ' + `$Error[0].FullyQualifiedErrorId; 'target: ' + `$Error[0].TargetObject"
        Wait-Screen byhand 'id: WorkerNotLaunched,'
        Wait-Screen byhand 'target: byhand'
    }

    It 'Ctrl+C while watching leaves the migration to its worker, and says how to stop it' {
        Add-SlowTask attached
        Open-Terminal attached
        Send-Line attached 'Start-Migration attached -Wait'
        Wait-Until 'the copy' { (Get-MigrationStatus attached).State -eq 'FullCopy' }
        $worker = (Get-MigrationStatus attached).WorkerPid
        Start-Sleep -Milliseconds 1000
        tmux -L $socket send-keys -t attached C-c
        Wait-Screen attached 'Stop-Migration attached stops it'
        Send-Line attached "'prompt ' + 'again'"
        Wait-Screen attached 'prompt again'
        (Get-MigrationStatus attached).WorkerPid | Should -Be $worker
    }

    It 'a terminal that is closed leaves the worker alone, and another shell controls it' {
        $worker = (Get-MigrationStatus attached).WorkerPid
        tmux -L $socket kill-session -t attached
        Open-Terminal second
        Send-Line second 'Get-MigrationStatus attached | Format-List Name, State, WorkerPid'
        Wait-Screen second "WorkerPid *: $worker"
        Send-Line second "Set-MigrationTask attached -FullRowsPerSecond 0; 'limit ' + 'lifted'"
        Wait-Screen second 'limit lifted'
        Wait-Until 'the stream to keep up' { (Get-MigrationStatus attached).State -eq 'Replicating' }
        Send-Line second "Stop-Migration attached -Wait; 'now ' + 'stopped'"
        Wait-Screen second 'now stopped'
        (Get-MigrationStatus attached).State | Should -Be 'Stopped'
        Get-TestDigest destination attached | Should -Be (Get-TestDigest source attached)
        tmux -L $socket kill-session -t second
    }

    It 'Ctrl+C in a run of this process writes a checkpoint and stops it' {
        Add-SlowTask inside
        Open-Terminal inside
        Send-Line inside 'Start-Migration inside -InProcess'
        Wait-Until 'the copy' { (Get-MigrationStatus inside).State -eq 'FullCopy' }
        Start-Sleep -Milliseconds 1000
        tmux -L $socket send-keys -t inside C-c
        Wait-Until 'the stop' { (Get-MigrationStatus inside).State -eq 'Stopped' }
        Send-Line inside "'prompt ' + 'again'"
        Wait-Screen inside 'prompt again'
        (Get-MigrationStatus inside).WorkerPid | Should -BeNullOrEmpty
        Set-MigrationTask inside -FullRowsPerSecond 0
        (Start-Migration inside -Until CaughtUp -InProcess).State | Should -Be 'Stopped'
        Get-TestDigest destination inside | Should -Be (Get-TestDigest source inside)
        tmux -L $socket kill-session -t inside
    }

    It 'Ctrl+C while waiting for a job leaves job and worker alone; Stop-Job stops both' {
        Add-SlowTask jobs
        Open-Terminal jobs
        Send-Line jobs '$job = Start-Migration jobs -AsJob; $job | Wait-Job'
        Wait-Until 'the copy' { (Get-MigrationStatus jobs).State -eq 'FullCopy' }
        Start-Sleep -Milliseconds 1000
        tmux -L $socket send-keys -t jobs C-c
        Send-Line jobs "'job is ' + `$job.State"
        Wait-Screen jobs 'job is Running'
        (Get-MigrationStatus jobs).WorkerPid | Should -Not -BeNullOrEmpty
        Send-Line jobs "`$job | Stop-Job; 'job is now ' + `$job.State"
        Wait-Screen jobs 'job is now (Stopped|Completed)'
        Wait-Until 'the worker to end' { -not (Get-MigrationStatus jobs).WorkerPid }
        (Get-MigrationStatus jobs).State | Should -Be 'Stopped'
    }
}

Describe 'Odd names' {
    It 'takes names with wildcard characters literally where they are no patterns' {
        $task = New-MigrationTask brackets -SourceServer a -SourceUser a -DestinationServer b -DestinationUser b -Database 'sh[o]p', 'what?', 'st*r' -Table 'crm.`cli[ent`'
        $task.Objects | Should -Be 'crm.cli[ent', 'sh[o]p', 'st*r', 'what?'
        { New-MigrationTask 'na[me]' -SourceServer a -SourceUser a -DestinationServer b -DestinationUser b -Database shop -ErrorAction Stop } | Should -Throw -ErrorId 'TaskDefinitionInvalid,*'
        (Get-MigrationTask 'br[a-c]ckets').Name | Should -Be 'brackets'
        Get-MigrationTask 'br[x]ckets' -ErrorAction Stop | Should -BeNullOrEmpty
        foreach ($broken in 'br[ackets', '[') {
            $errors = $null
            try { $null = Get-MigrationTask $broken -ErrorVariable errors -ErrorAction SilentlyContinue } catch { $errors = @($_) }
            $errors | Should -Not -BeNullOrEmpty -Because "'$broken' is no pattern"
        }
    }

    It 'keeps to folders with wildcard characters in their names' {
        $odd = Join-Path $TestDrive 'a[b]c'
        $null = [IO.Directory]::CreateDirectory($odd)
        $null = New-MigrationTask litpath -SourceServer a -SourceUser a -DestinationServer b -DestinationUser b -Database shop
        (Export-MigrationTask litpath -Path $odd).FullName | Should -Be (Join-Path $odd 'litpath.json')
        (New-MigrationTask -Name again -DefinitionPath (Join-Path $odd 'litpath.json')).Name | Should -Be 'again'
        (New-MigrationReport litpath -Path (Join-Path $odd 'r.json') -Format Json).FullName | Should -Be (Join-Path $odd 'r.json')
    }
}
