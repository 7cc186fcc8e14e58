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

Describe 'Wait-Migration' {
    It 'waits for a task that was never started, and says when time is over' {
        $null = New-MigrationTask fresh @nowhere
        { Wait-Migration fresh -Timeout 1 -ErrorAction Stop } | Should -Throw -ErrorId 'WaitTimeout,*'
        { Wait-Migration none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
    }

    It 'names the range of -Timeout' {
        { Wait-Migration fresh -Timeout 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        BeforeAll {
            $script:sides = Initialize-TestAccount
        }

        It 'returns when the destination follows the source' {
            New-TestDatabase waits -Rows 200
            $status = New-MigrationTask waits @sides -Database waits | Start-TestMigration -NoWait | Wait-Migration -Until CaughtUp -Timeout 120
            $status.State | Should -Be 'Replicating'
            (Wait-Migration waits -Until CopyDone -Timeout 1).Name | Should -Be 'waits'
            { Wait-Migration waits -Timeout 1 -ErrorAction Stop } | Should -Throw -ErrorId 'WaitTimeout,*'
        }

        It 'returns when it was stopped, and has an error for what will not come' {
            Stop-Migration waits -Wait
            (Wait-Migration waits).State | Should -Be 'Stopped'
            $null = New-MigrationTask blocked -SourceServer 127.0.0.1:1 -SourceUser a -SourceNoPassword -DestinationServer 127.0.0.1:2 -DestinationUser b -DestinationNoPassword -Database shop
            Start-Migration blocked -ErrorAction SilentlyContinue
            { Wait-Migration blocked -ErrorAction Stop } | Should -Throw -ErrorId 'PrecheckBlocked,*'
        }
    }
}
