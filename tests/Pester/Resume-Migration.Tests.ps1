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

Describe 'Resume-Migration' {
    It 'never begins a migration' {
        $null = New-MigrationTask fresh @nowhere
        { Resume-Migration fresh -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToResume,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        BeforeAll {
            $script:sides = Initialize-TestAccount
        }

        It 'goes on with what was suspended, and with what lost its worker' {
            New-TestDatabase resumes -Rows 200
            $null = New-MigrationTask resumes @sides -Database resumes | Start-TestMigration
            Suspend-Migration resumes
            Invoke-TestSql source "INSERT INTO resumes.customer (id, name) VALUES (1000001, 'meanwhile')"
            Resume-Migration resumes -WhatIf | Should -BeNullOrEmpty
            $worker = (Resume-Migration resumes).WorkerPid
            Wait-Until 'the missed row' { Invoke-TestSql destination 'SELECT 1 FROM resumes.customer WHERE id = 1000001' }

            Stop-Process -Id $worker -Force
            Wait-Until 'the worker to be gone' { (Get-MigrationStatus resumes).State -eq 'Interrupted' }
            $again = Get-MigrationStatus -State Interrupted | Resume-Migration
            $again.WorkerPid | Should -Not -Be $worker
            $null = Wait-Migration resumes -Until CaughtUp -Timeout 60
            Stop-Migration resumes -Wait
            Get-TestDigest destination resumes | Should -Be (Get-TestDigest source resumes)
        }

        It 'is a job on demand, which stops the migration when it is stopped' {
            $job = Resume-Migration resumes -AsJob
            $job.State, $job.Name, $job.PSJobTypeName | Should -Be 'Running', 'resumes', 'MigrationJob'
            Wait-Until 'the worker' { (Get-MigrationStatus resumes).WorkerPid }
            $job | Stop-Job
            $job.State | Should -Be 'Stopped'
            ($job | Receive-Job).State | Should -Be 'Stopped'
            $job | Remove-Job
            (Get-MigrationStatus resumes).WorkerPid | Should -BeNullOrEmpty
        }

        It 'does not resume what is completed' {
            New-TestDatabase resumed -Rows 10
            $job = New-MigrationTask resumed @sides -Database resumed -MigrationType Schema, Full | Start-Migration -AsJob
            ($job | Wait-Job -Timeout 60 | Receive-Job).State | Should -Be 'Completed'
            $job.State | Should -Be 'Completed'
            $job | Remove-Job
            { Resume-Migration resumed -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToResume,*'
        }
    }
}
