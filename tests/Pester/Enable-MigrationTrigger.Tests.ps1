BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $script:hasServers = [bool](Start-TestServerSet)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $script:nowhere = @{ SourceServer = '127.0.0.1:1'; SourceUser = 'a'; SourceNoPassword = $true; DestinationServer = '127.0.0.1:2'; DestinationUser = 'b'; DestinationNoPassword = $true; Database = 'shop' }
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Enable-MigrationTrigger' {
    It 'has an error for a name without a task, and for a task without schema migration' {
        { Enable-MigrationTrigger none -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
        $null = New-MigrationTask rows @nowhere -MigrationType Full
        { Enable-MigrationTrigger rows -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'SchemaNotSelected,*'
    }

    It 'does nothing with -WhatIf' {
        $null = New-MigrationTask unreal @nowhere
        Enable-MigrationTrigger unreal -WhatIf | Should -BeNullOrEmpty
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'makes triggers and events active, after which the task cannot be resumed' {
            $sides = Initialize-TestAccount
            New-TestDatabase fires -Rows 5
            Invoke-TestSql source 'CREATE TRIGGER fires.stamp BEFORE INSERT ON fires.customer FOR EACH ROW SET NEW.score = 42'
            Invoke-TestSql source 'CREATE EVENT fires.yearly ON SCHEDULE EVERY 1 YEAR STARTS "2099-01-01" DO DELETE FROM fires.note WHERE customer IS NULL'
            $null = New-MigrationTask fires @sides -Database fires
            { Enable-MigrationTrigger fires -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'CopyNotDone,*'
            $null = Start-TestMigration fires
            { Enable-MigrationTrigger fires -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'TaskRunning,*'
            Stop-Migration fires -Wait
            (Enable-MigrationTrigger fires -Confirm:$false -PassThru).Name | Should -Be 'fires'
            Invoke-TestSql destination "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = 'fires'" | Should -Be 'stamp'
            Invoke-TestSql destination "SELECT status FROM information_schema.events WHERE event_schema = 'fires'" | Should -Be 'ENABLED'
            { Resume-Migration fires -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectsActivated,*'
        }
    }
}
