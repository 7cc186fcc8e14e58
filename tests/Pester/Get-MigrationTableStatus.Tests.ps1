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

Describe 'Get-MigrationTableStatus' {
    It 'gives nothing for a task that was never started, and an error for none' {
        $null = New-MigrationTask fresh @nowhere
        Get-MigrationTableStatus fresh | Should -BeNullOrEmpty
        { Get-MigrationTableStatus none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'shows the tables of a copy, by name and state' {
            $sides = Initialize-TestAccount
            New-TestDatabase tablestat -Rows 200
            $null = New-MigrationTask tablestat @sides -Database tablestat -MigrationType Schema, Full | Start-Migration -InProcess
            $tables = Get-MigrationStatus tablestat | Get-MigrationTableStatus
            $tables.Table | Should -Be 'tablestat.customer', 'tablestat.note'
            $tables.Percent | Should -Be 100, 100
            (Get-MigrationTableStatus tablestat *note).Rows | Should -Be 20
            Get-MigrationTableStatus tablestat -State Copying | Should -BeNullOrEmpty
            (TabExpansion2 'Get-MigrationTableStatus tablestat -Table tab' 45).CompletionMatches.CompletionText | Should -Be 'tablestat.customer', 'tablestat.note'
            $tables | Out-String | Should -Match 'tablestat.customer'
        }
    }
}
