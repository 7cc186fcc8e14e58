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

Describe 'Remove-MigrationTask' {
    It 'removes nothing with -WhatIf' {
        $null = New-MigrationTask kept @nowhere
        Remove-MigrationTask kept -WhatIf
        (Get-MigrationTask kept).Name | Should -Be 'kept'
    }

    It 'removes tasks with their folders' {
        'gone1', 'gone2' | ForEach-Object { New-MigrationTask $_ @nowhere } | Remove-MigrationTask -Confirm:$false
        Get-MigrationTask gone* | Should -BeNullOrEmpty
        Join-Path $testHome gone1 | Should -Not -Exist
    }

    It 'has an error for a name without a task' {
        { Remove-MigrationTask none -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        BeforeAll {
            $script:sides = Initialize-TestAccount
        }

        It 'refuses a running task' {
            New-TestDatabase removes -Rows 10
            $null = New-MigrationTask removes @sides -Database removes | Start-TestMigration
            { Remove-MigrationTask removes -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'TaskRunning,*'
            Stop-Migration removes -Wait
        }

        It 'makes the destination forget it, and leaves the data' {
            Remove-MigrationTask removes -IncludeProgress -Confirm:$false
            Invoke-TestSql destination "SELECT COUNT(*) FROM dts_migrate.task WHERE name='removes'" | Should -Be 0
            Invoke-TestSql destination "SELECT COUNT(*) FROM dts_migrate.table_copy WHERE task='removes'" | Should -Be 0
            Get-TestDigest destination removes | Should -Be (Get-TestDigest source removes)
            Get-MigrationTask removes* | Should -BeNullOrEmpty
        }
    }
}
