BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $script:hasServers = [bool](Start-TestServerSet)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $script:nowhere = @{ SourceServer = 'a'; SourceUser = 'a'; DestinationServer = 'b'; DestinationUser = 'b'; Database = 'shop' }
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Suspend-Migration' {
    It 'has an error for a task that does not run' {
        $null = New-MigrationTask fresh @nowhere
        { Suspend-Migration fresh -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotRunning,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'lets a migration rest at a checkpoint' {
            $sides = Initialize-TestAccount
            New-TestDatabase rests -Rows 200
            $null = New-MigrationTask rests @sides -Database rests | Start-TestMigration
            Suspend-Migration rests -WhatIf
            (Get-MigrationStatus rests).State | Should -Be 'Replicating'
            $status = Get-MigrationStatus rests | Suspend-Migration -PassThru
            $status.State, $status.WorkerPid | Should -Be 'Suspended', $null
            Get-MigrationStatus -State Interrupted | Should -BeNullOrEmpty
        }

        It 'pulls the source''s binary log on where there is a spool, and resumes after the source has purged it' {
            $sides = Initialize-TestAccount
            New-TestDatabase pulls -Rows 200
            $null = New-MigrationTask pulls @sides -Database pulls -BinlogSpoolMegabytes 64 | Start-TestMigration
            $worker = (Get-MigrationStatus pulls).WorkerPid
            $status = Suspend-Migration pulls -PassThru
            $status.State, $status.WorkerPid | Should -Be 'Suspended', $worker
            { Set-MigrationTask pulls -CopyThreads 3 -ErrorAction Stop } | Should -Throw -ErrorId 'MemberFixed,*'

            # Nothing is written meanwhile; all that is pulled the source may forget.
            Invoke-TestSql source "INSERT INTO pulls.customer (id, name) SELECT id + 1000000, 'while suspended' FROM pulls.customer"
            Invoke-TestSql source 'FLUSH BINARY LOGS'
            $spool = Join-Path $testHome 'pulls/spool'
            Wait-Until 'the spool to have it' { Get-ChildItem $spool -Recurse -File | Where-Object { [Text.Encoding]::UTF8.GetString([IO.File]::ReadAllBytes($_.FullName)).Contains('while suspended') } }
            Invoke-TestSql destination "SELECT COUNT(*) FROM pulls.customer WHERE id > 1000000" | Should -Be 0
            (Get-MigrationStatus pulls).State | Should -Be 'Suspended'
            Invoke-TestSql source 'PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY'

            $resumed = Resume-Migration pulls
            $resumed.WorkerPid | Should -Be $worker
            $null = Wait-Migration pulls -Until CaughtUp -Timeout 60
            Wait-Until 'what was pulled' { (Invoke-TestSql destination "SELECT COUNT(*) FROM pulls.customer WHERE id > 1000000") -eq 200 }

            # Again, and then stopped while it rests.
            Suspend-Migration pulls
            Stop-Migration pulls -Wait
            (Get-MigrationStatus pulls).State | Should -Be 'Stopped'
            (Start-Migration pulls -Until CaughtUp -InProcess).State | Should -Be 'Stopped'
            Get-TestDigest destination pulls | Should -Be (Get-TestDigest source pulls)
        }
    }
}
