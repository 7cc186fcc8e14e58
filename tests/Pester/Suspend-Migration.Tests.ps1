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

Describe 'Suspend-Migration' {
    It 'has an error for a task that does not run' {
        $null = New-MigrationTask fresh @nowhere
        { Suspend-Migration fresh -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotRunning,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'lets a migration rest at a checkpoint' {
            $sides = Initialize-TestAccount
            New-TestDatabase rests -Rows 200
            $null = New-MigrationTask rests @sides -Database rests | Start-Migration | Wait-Migration -Until CaughtUp -Timeout 120
            Suspend-Migration rests -WhatIf
            (Get-MigrationStatus rests).State | Should -Be 'Replicating'
            $status = Get-MigrationStatus rests | Suspend-Migration -PassThru
            $status.State, $status.WorkerPid | Should -Be 'Suspended', $null
            Get-MigrationStatus -State Interrupted | Should -BeNullOrEmpty
        }
    }
}
