BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $hasServers = [bool](Start-TestServerSet)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $testHome = Enter-TestHome
    $nowhere = @{ SourceServer = 'a'; SourceUser = 'a'; DestinationServer = 'b'; DestinationUser = 'b'; Database = 'shop' }
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Set-MigrationTask' {
    It 'changes what it names and leaves the rest' {
        $null = New-MigrationTask rest @nowhere -FullRowsPerSecond 100 -IncrementalRowsPerSecond 50
        $task = Set-MigrationTask rest -FullQueriesPerSecond 7 -FullRowsPerSecond 0 -PassThru
        $task.Throttle | Should -Be 'full 7 queries/s; incremental 50 rows/s'
        $throttle = (Get-Content $task.Path -Raw | ConvertFrom-Json).options.throttle
        $throttle.fullQueriesPerSecond, $throttle.fullRowsPerSecond, $throttle.incrementalRowsPerSecond | Should -Be 7, 0, 50
    }

    It 'gives nothing without -PassThru, and changes nothing with -WhatIf' {
        $null = New-MigrationTask quiet @nowhere -FullRowsPerSecond 100
        Set-MigrationTask quiet -FullMegabytesPerSecond 5 -WhatIf | Should -BeNullOrEmpty
        Set-MigrationTask quiet -IncrementalMegabytesPerSecond 6 | Should -BeNullOrEmpty
        (Set-MigrationTask quiet -FullRowsPerSecond 100 -PassThru).Throttle | Should -Be 'full 100 rows/s; incremental 6 MB/s'
    }

    It 'has an error for <Case>' -ForEach @(
        @{ Case = 'a name without a task'; Id = 'TaskNotFound'; More = @{ Name = 'none'; FullRowsPerSecond = 1 } }
        @{ Case = 'nothing to change'; Id = 'NothingToChange'; More = @{ Name = 'wrong' } }
        @{ Case = 'a limit out of range'; Id = 'ThrottleOutOfRange'; More = @{ Name = 'wrong'; FullRowsPerSecond = -1 } }
    ) {
        $null = New-MigrationTask wrong @nowhere -Force
        { Set-MigrationTask @More -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'takes tasks from the pipeline and by pattern' {
        'many1', 'many2' | ForEach-Object { New-MigrationTask $_ @nowhere } | Set-MigrationTask -FullRowsPerSecond 3 -PassThru | ForEach-Object Throttle |
            Should -Be 'full 3 rows/s', 'full 3 rows/s'
        (Set-MigrationTask many* -FullRowsPerSecond 4 -PassThru).Throttle | Should -Be 'full 4 rows/s', 'full 4 rows/s'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'changes a running task within two seconds' {
            $sides = Initialize-TestAccount
            New-TestDatabase live -Rows 500
            $null = New-MigrationTask live @sides -Database live -FullRowsPerSecond 1
            $null = Start-Migration live
            Wait-Until 'the limit to be felt' { (Get-MigrationStatus live).ThrottleReason }
            (Get-MigrationStatus live).FullRowsPerSecondLimit | Should -Be 1
            Set-MigrationTask live -FullRowsPerSecond 0
            Wait-Until 'the stream to keep up' { (Get-MigrationStatus live).State -eq 'Replicating' }

            # A state shows at once, the numbers with the next second's status.
            Wait-Until 'the limit to be gone' { $status = Get-MigrationStatus live; -not $status.FullRowsPerSecondLimit -and -not $status.ThrottleReason }
            Stop-Migration live -Wait
            Get-TestDigest destination live | Should -Be (Get-TestDigest source live)
        }
    }
}
