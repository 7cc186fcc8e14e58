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

Describe 'Measure-Migration' {
    It 'has an error for a name without a task, and for a server that does not answer' {
        { Measure-Migration none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
        $null = New-MigrationTask deaf @nowhere
        { Measure-Migration deaf -ErrorAction Stop } | Should -Throw -ErrorId 'ServerUnreachable,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'gives the size of a task' {
            $sides = Initialize-TestAccount
            New-TestDatabase measured -Rows 300
            Invoke-TestSql source 'ANALYZE TABLE measured.customer, measured.note'
            $size = New-MigrationTask measured @sides -Database measured | Measure-Migration
            $size.Name, $size.Tables | Should -Be 'measured', 2
            $size.Rows, $size.DataBytes, $size.CopySeconds | ForEach-Object { $_ | Should -BeGreaterThan 0 }
            $size | Format-Table | Out-String | Should -Match 'MiB'
        }
    }
}
