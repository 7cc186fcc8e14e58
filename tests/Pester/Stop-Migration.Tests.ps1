BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $script:hasServers = [bool](Start-TestServerSet)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Stop-Migration' {
    It 'has an error for a name without a task, and for a task that does not run' {
        $null = New-MigrationTask idle -SourceServer a -SourceUser a -DestinationServer b -DestinationUser b -Database shop
        { Stop-Migration none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
        { Stop-Migration idle -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotRunning,*'
        { Stop-Migration idle -Force -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotRunning,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        BeforeAll {
            $sides = Initialize-TestAccount
            New-TestDatabase stopped -Rows 500
            $null = New-MigrationTask stopped @sides -Database stopped
        }

        It 'changes nothing with -WhatIf' {
            $null = Start-TestMigration stopped
            Stop-Migration stopped -WhatIf
            (Get-MigrationStatus stopped).WorkerPid | Should -Not -BeNullOrEmpty
        }

        It 'stops at a checkpoint, and the next start goes on' {
            $status = Stop-Migration stopped -Wait -PassThru
            $status.State | Should -Be 'Stopped'
            $status.WorkerPid | Should -BeNullOrEmpty
            Invoke-TestSql source "INSERT INTO stopped.customer (id, name) VALUES (2000001, 'later')"
            $null = Start-Migration stopped
            Wait-Until 'the later row' { Invoke-TestSql destination 'SELECT 1 FROM stopped.customer WHERE id = 2000001' }
            Get-TestDigest destination stopped | Should -Be (Get-TestDigest source stopped)
        }

        It 'kills the worker with -Force, and the task can be resumed' {
            Stop-Migration stopped -Force
            (Get-MigrationStatus stopped).State | Should -Be 'Interrupted'
        }

        It 'takes statuses from the pipeline' {
            (Start-TestMigration stopped).State | Should -Be 'Replicating'
            Get-MigrationStatus | Where-Object WorkerPid | Stop-Migration -Wait
            (Get-MigrationStatus stopped).State | Should -Be 'Stopped'
        }
    }
}
