BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $script:hasServers = [bool](Start-TestServerSet)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $script:pwsh = [Environment]::ProcessPath
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Start-Migration' {
    It 'has an error for a name without a task' {
        { Start-Migration none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
    }

    It 'says that no program hosts the worker' {
        $null = New-MigrationTask closed -SourceServer 127.0.0.1:1 -SourceUser a -SourceNoPassword -DestinationServer 127.0.0.1:2 -DestinationUser b -DestinationNoPassword -Database shop
        $env:DTSMIGRATE_HOST = Join-Path $TestDrive 'no-pwsh'
        try {
            { Start-Migration closed -ErrorAction Stop } | Should -Throw -ErrorId 'WorkerHostNotFound,*'
        } finally {
            $env:DTSMIGRATE_HOST = $null
        }
    }

    It 'reports what a worker says that cannot even begin' -Skip:$IsWindows {
        $program = Join-Path $TestDrive 'broken-host'
        Set-Content $program "#!/bin/sh`necho 'the host is broken' >&2; exit 7"
        chmod +x $program
        $env:DTSMIGRATE_HOST = $program
        try {
            { Start-Migration closed -ErrorAction Stop } | Should -Throw -ErrorId 'WorkerStartFailed,*' -ExpectedMessage '*the host is broken*'
        } finally {
            $env:DTSMIGRATE_HOST = $null
        }
    }

    It 'takes the native program that the module has for this platform, and makes it one that may be run' -Skip:$IsWindows {
        # As a package client unpacks it: nobody may run it.
        Copy-Item (Split-Path (Get-ModuleManifestPath)) (Join-Path $TestDrive 'DtsMigrate') -Recurse
        $folder = Join-Path $TestDrive "DtsMigrate/worker/$([Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier)"
        $null = New-Item -ItemType Directory -Force $folder
        $program = Join-Path $folder 'dtsmigrate'
        Set-Content $program "#!/bin/sh`necho `"native: `$*`" >&2; exit 7"
        chmod 644 $program
        $words = & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$TestDrive/DtsMigrate/DtsMigrate.psd1'; Start-Migration closed -Verbose" *>&1 | Out-String -Width 400
        $words | Should -BeLike "*hosted by '$program'*"
        $words | Should -BeLike "*native: hosted --home $testHome --until Completed -- closed*"
    }

    It 'gives the error of the worker when a server does not answer, and leaves no worker' {
        { Start-Migration closed -ErrorAction Stop } | Should -Throw -ErrorId 'PrecheckBlocked,*'
        $status = Get-MigrationStatus closed
        $status.State | Should -Be 'PrecheckFailed'
        $status.WorkerPid | Should -BeNullOrEmpty
    }

    It 'tells by its alerts that it failed' -Skip:$IsWindows {
        $program = Join-Path $TestDrive 'tell'
        Set-Content $program "#!/bin/sh`ncat > '$TestDrive/told.json'"
        chmod +x $program
        $null = New-MigrationTask told -SourceServer 127.0.0.1:1 -SourceUser a -SourceNoPassword -DestinationServer 127.0.0.1:2 -DestinationUser b -DestinationNoPassword -Database shop `
            -Alert @{ OnFailure = $true; Command = $program }
        { Start-Migration told -ErrorAction Stop } | Should -Throw -ErrorId 'PrecheckBlocked,*'
        Wait-Until 'the alert' { Test-Path "$TestDrive/told.json" }
        $alert = Get-Content "$TestDrive/told.json" -Raw | ConvertFrom-Json
        $alert.task, $alert.rule, $alert.status, $alert.state | Should -Be 'told', 'Failure', 'Fired', 'PrecheckFailed'
        (Get-MigrationLog told -Phase Alert).Message | Should -Match 'Failure fired'

        # Once is enough, also over a restart.
        Remove-Item "$TestDrive/told.json"
        { Start-Migration told -InProcess -ErrorAction Stop } | Should -Throw -ErrorId 'PrecheckBlocked,*'
        Wait-Until 'the worker to end' { -not (Get-MigrationStatus told).WorkerPid }
        "$TestDrive/told.json" | Should -Not -Exist
    }

    It 'refuses to be a worker that nobody launched' {
        $reply = '' | & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$(Get-ModuleManifestPath)'; Invoke-MigrationWorker -Name closed -HomePath '$testHome'"
        $LASTEXITCODE | Should -Be 4
        ($reply | ConvertFrom-Json).Code | Should -Be 'WorkerNotLaunched'
    }

    It 'starts nothing with -WhatIf' {
        Start-Migration closed -WhatIf | Should -BeNullOrEmpty
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        BeforeAll {
            $script:sides = Initialize-TestAccount
        }

        Context 'hosted by <program>' -ForEach @(
            @{ program = 'pwsh'; name = 'outlives' }
            @{ program = 'dtsmigrate'; name = 'outlives2' }
        ) {
            BeforeAll {
                $env:DTSMIGRATE_HOST = $program -eq 'pwsh' ? $pwsh : (Get-TestWorkerPath)

                # Where the ordinary build of the worker looks for its runtime; the native one needs none.
                $env:DOTNET_ROOT = Split-Path (Get-Item (Get-Command dotnet).Source).ResolvedTarget
            }

            AfterAll {
                $env:DTSMIGRATE_HOST = $env:DOTNET_ROOT = $null
            }

            It 'copies and follows in a worker that outlives the shell that launched it' {
                New-TestDatabase $name -Rows 2000
                $env:PESTER_PW = Get-TestPassword
                $script = @'
Import-Module '{0}'
$account = [pscredential]::new('dts', (ConvertTo-SecureString $env:PESTER_PW -AsPlainText -Force))
$env:PESTER_PW = $null
Start-Transcript '{1}' | Out-Null
New-MigrationTask {4} -SourceServer {2} -SourceCredential $account -DestinationServer {3} -DestinationCredential $account -Database {4} | Start-Migration -Verbose
Stop-Transcript | Out-Null
'@ -f (Get-ModuleManifestPath), (Join-Path $TestDrive 'transcript.txt'), $sides.SourceServer, $sides.DestinationServer, $name
                $output = & $pwsh -NoProfile -NonInteractive -Command $script *>&1 | Out-String
                $env:PESTER_PW = $null
                $worker = (Get-MigrationStatus $name).WorkerPid
                $worker | Should -Not -BeNullOrEmpty -Because $output
                if ($IsLinux) {
                    (Get-Content "/proc/$worker/comm") | Should -Be $program
                }

                Wait-Until 'the stream to keep up' { (Get-MigrationStatus $name).State -eq 'Replicating' }
                Invoke-TestSql source "INSERT INTO $name.customer (id, name) VALUES (1000001, 'late')"
                Wait-Until 'the late row' { Invoke-TestSql destination "SELECT 1 FROM $name.customer WHERE id = 1000001" }
                Get-TestDigest destination $name | Should -Be (Get-TestDigest source $name)

                # No password where others could look: the files of the task, the worker's arguments, the transcript, the output.
                $files = @(Get-ChildItem $testHome -Recurse -File | Where-Object Name -NE 'worker.lock' | Get-Content -Raw)
                $files += Get-Content (Join-Path $TestDrive 'transcript.txt') -Raw
                $files += $output
                if ($IsLinux) {
                    $files += Get-Content "/proc/$worker/cmdline" -Raw
                }
                $files -join "`n" | Should -Not -Match 'p3st' -Because 'that begins the password, however the rest is escaped'
            }

            It 'leaves the session of the shell and holds none of its streams' -Skip:(-not $IsLinux) {
                $worker = (Get-MigrationStatus $name).WorkerPid
                (ps -o sid= -p $worker).Trim() | Should -Be "$worker"
                0..2 | ForEach-Object { (Get-Item "/proc/$worker/fd/$_").LinkTarget } | Should -Be '/dev/null', '/dev/null', '/dev/null'
            }

            It 'does not die of a hang-up' -Skip:$IsWindows {
                $worker = (Get-MigrationStatus $name).WorkerPid
                kill -HUP $worker
                Invoke-TestSql source "INSERT INTO $name.customer (id, name) VALUES (1000002, 'after the hang-up')"
                Wait-Until 'the next row' { Invoke-TestSql destination "SELECT 1 FROM $name.customer WHERE id = 1000002" }
                (Get-MigrationStatus $name).WorkerPid | Should -Be $worker
            }

            It 'refuses a second start, and watches the first with -Wait' {
                { Start-Migration $name -ErrorAction Stop } | Should -Throw -ErrorId 'TaskRunning,*'
                $warnings = $errors = $null
                $status = Start-Migration $name -Wait -Timeout 1 -WarningVariable warnings -WarningAction SilentlyContinue -ErrorVariable errors -ErrorAction SilentlyContinue
                $status | Should -BeNullOrEmpty
                $warnings | Should -Match 'already'
                $errors[0].FullyQualifiedErrorId | Should -BeLike 'WaitTimeout,*'
            }

            It 'shows a killed worker as Interrupted and resumes' -Skip:$IsWindows {
                $worker = (Get-MigrationStatus $name).WorkerPid
                kill -KILL $worker
                Wait-Until 'the worker to be gone' { -not (Get-MigrationStatus $name).WorkerPid }
                $status = Get-MigrationStatus $name
                $status.State | Should -Be 'Interrupted'
                $status.RecommendedAction | Should -Not -BeNullOrEmpty

                Invoke-TestSql source "INSERT INTO $name.customer (id, name) VALUES (1000003, 'while nobody looked')"
                # Another session defined the task, so this one has to give the passwords.
                { Start-Migration $name -ErrorAction Stop } | Should -Throw -ErrorId 'PasswordMissing,*'
                $again = Start-Migration $name -SourceCredential $sides.SourceCredential -DestinationCredential $sides.DestinationCredential
                $again.WorkerPid | Should -Not -Be $worker
                Wait-Until 'the missed row' { Invoke-TestSql destination "SELECT 1 FROM $name.customer WHERE id = 1000003" }
                Get-TestDigest destination $name | Should -Be (Get-TestDigest source $name)
            }

            It 'turns SIGTERM into a stop at a checkpoint' -Skip:$IsWindows {
                $worker = (Get-MigrationStatus $name).WorkerPid
                kill -TERM $worker
                Wait-Until 'the worker to end' { -not (Get-MigrationStatus $name).WorkerPid }
                (Get-MigrationStatus $name).State | Should -Be 'Stopped'
            }
        }

        It 'runs in this process until caught up' {
            New-TestDatabase here -Rows 1000
            $status = New-MigrationTask here @sides -Database here -Map @{ here = 'there' } | Start-Migration -InProcess -Until CaughtUp
            $status.State | Should -Be 'Stopped'
            $status.RowsCopied | Should -BeGreaterOrEqual 1000
            Get-TestDigest destination there | Should -Be (Get-TestDigest source here)
        }

        It 'completes a task without incremental data migration by itself' {
            New-TestDatabase once -Rows 100
            (New-MigrationTask once @sides -Database once -MigrationType Schema, Full | Start-Migration -InProcess).State | Should -Be 'Completed'
        }

        It 'gives a clear error for a wrong password, and leaves no worker' {
            New-TestDatabase wrong -Rows 1
            $bad = $sides.Clone()
            $bad.SourceCredential = New-TestCredential dts 'not-the-password'
            $null = New-MigrationTask wrong @bad -Database wrong
            $errors = $null
            Start-Migration wrong -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $errors[0].FullyQualifiedErrorId | Should -BeLike 'PrecheckBlocked,*'
            $errors[0].ErrorDetails.Message | Should -Match 'dts'
            $errors[0].ErrorDetails.Message | Should -Not -Match 'not-the-password'
            (Get-MigrationStatus wrong).WorkerPid | Should -BeNullOrEmpty
        }

        It 'finds passwords where the task says, and watches the worker until it ends' {
            New-TestDatabase byref -Rows 10
            $file = Join-Path $TestDrive 'my.cnf'
            # Option files escape by backslash.
            Set-Content $file "[client]`npassword=$((Get-TestPassword).Replace('\', '\\'))"
            $env:PESTER_PW = Get-TestPassword
            try {
                $status = New-MigrationTask byref -SourceServer $sides.SourceServer -SourceUser dts -SourcePasswordVariable PESTER_PW `
                    -DestinationServer $sides.DestinationServer -DestinationUser dts -DestinationDefaultsFile $file -Database byref |
                    Start-Migration -Until CaughtUp -Wait
                $status.State | Should -Be 'Stopped'
                Get-TestDigest destination byref | Should -Be (Get-TestDigest source byref)
            } finally {
                $env:PESTER_PW = $null
            }
        }
    }
}
