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

Describe 'Get-MigrationDdl' {
    It 'has an error for a name without a task, and for a server that does not answer' {
        { Get-MigrationDdl none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
        $null = New-MigrationTask deaf @nowhere
        { Get-MigrationDdl deaf -ErrorAction Stop } | Should -Throw -ErrorId 'ServerUnreachable,*'
    }

    It 'asks for the password where the task does not say it' {
        $null = New-MigrationTask asks -SourceServer a -SourceUser a -DestinationServer b -DestinationUser b -Database shop
        { Get-MigrationDdl asks -ErrorAction Stop } | Should -Throw -ErrorId 'PasswordMissing,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'shows what the stream has met, also in views' {
            $sides = Initialize-TestAccount
            New-TestDatabase ddlog -Rows 20
            $task = New-MigrationTask ddlog @sides -Database ddlog -DdlFailure Skip
            Get-MigrationDdl ddlog | Should -BeNullOrEmpty
            $null = $task | Start-TestMigration
            Invoke-TestSql source 'ALTER TABLE ddlog.customer ADD COLUMN note VARCHAR(20)'
            Invoke-TestSql source 'CREATE TABLE ddlog.later (id INT PRIMARY KEY)'
            Wait-Until 'both statements' { @(Get-MigrationDdl ddlog -Outcome Done).Count -eq 2 }
            $ddl = @($task | Get-MigrationDdl)
            $ddl[0].Name, $ddl[0].Outcome, $ddl[0].Objects, $ddl[0].Executed | Should -Not -BeNullOrEmpty
            $ddl[0].Statement | Should -BeLike 'ALTER TABLE*note*'
            (Get-MigrationDdl ddlog -Tail 1).Statement | Should -BeLike 'CREATE TABLE*later*'
            Get-MigrationDdl ddlog -Outcome Failed | Should -BeNullOrEmpty
            $ddl | Format-Table | Out-String | Should -Match 'Done +\w*AlterTable'
            $ddl | Format-List | Out-String | Should -Match 'Executed +: ALTER TABLE'
            Stop-Migration ddlog -Wait
        }
    }
}
