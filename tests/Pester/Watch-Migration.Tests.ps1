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

Describe 'Watch-Migration' {
    It 'says when time is over' {
        $null = New-MigrationTask fresh @nowhere
        { Watch-Migration fresh -Timeout 1 -ErrorAction Stop } | Should -Throw -ErrorId 'WaitTimeout,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'watches until the point is reached, with a completed record at the end' {
            $sides = Initialize-TestAccount
            New-TestDatabase watches -Rows 3000
            $null = New-MigrationTask watches @sides -Database watches -FullRowsPerSecond 1000 | Start-TestMigration -NoWait
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript("Import-Module '$(Get-ModuleManifestPath)'; Watch-Migration watches -Until CaughtUp -PassThru -Timeout 120")
                $seen = $shell.Invoke()
                $shell.Streams.Error | Should -BeNullOrEmpty
                $seen[-1].Phase | Should -Be 'Replicating'
                $seen.Count | Should -BeGreaterThan 1
                $whole = $shell.Streams.Progress | Where-Object ActivityId -EQ 0
                $whole.StatusDescription -join "`n" | Should -Match 'FullCopy.*rows/s'
                $whole[-1].RecordType | Should -Be 'Completed'
            } finally {
                $shell.Dispose()
            }
            Stop-Migration watches -Wait
        }
    }
}
