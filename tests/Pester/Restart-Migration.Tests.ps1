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

Describe 'Restart-Migration' {
    It 'refuses to drop tables that may have been there before' {
        $null = New-MigrationTask careful @nowhere -ConflictMode IgnoreErrorsAndProceed -SourceNoPassword -DestinationNoPassword
        { Restart-Migration careful -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'TablesNotOwned,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'does it all again' {
            $sides = Initialize-TestAccount
            New-TestDatabase again -Rows 200
            $null = New-MigrationTask again @sides -Database again | Start-TestMigration
            { Restart-Migration again -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'TaskRunning,*'
            Stop-Migration again -Wait
            Restart-Migration again -WhatIf | Should -BeNullOrEmpty

            # A row that only the destination has tells that the table was made anew.
            Invoke-TestSql destination "INSERT INTO again.customer (id, name) VALUES (-1, 'only here')"
            $null = Restart-Migration again -Confirm:$false | Wait-Migration -Until CaughtUp -Timeout 120
            Stop-Migration again -Wait
            Get-TestDigest destination again | Should -Be (Get-TestDigest source again)
            (Get-MigrationStatus again).RowsCopied | Should -BeGreaterOrEqual 220
        }
    }
}
