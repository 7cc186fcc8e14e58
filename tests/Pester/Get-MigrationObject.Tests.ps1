BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $script:hasServers = [bool](Start-TestServerSet)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Get-MigrationObject' {
    It 'has an error for a connection that is not there' {
        { Get-MigrationObject none -ErrorAction Stop } | Should -Throw -ErrorId 'ConnectionNotFound,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        BeforeAll {
            $sides = Initialize-TestAccount
            $null = New-MigrationConnection src $sides.SourceServer -Credential $sides.SourceCredential
            $null = New-MigrationConnection dst $sides.DestinationServer -Credential $sides.DestinationCredential
            New-TestDatabase browse -Rows 100
            Invoke-TestSql source 'CREATE TABLE browse.`odd.``na[me]` (id INT PRIMARY KEY); CREATE TABLE browse.tmp_x (id INT); CREATE VIEW browse.seen AS SELECT 1 AS one'
        }

        It 'lists databases, and never those of the system' {
            $databases = Get-MigrationObject src
            $databases.Database | Should -Contain 'browse'
            $databases.Database | Should -Not -Contain 'mysql'
            ($databases | Where-Object Database -EQ browse).Tables | Should -Be 4
        }

        It 'lists tables by pattern, without what is excluded' {
            (Get-MigrationObject src browse).Table | Should -Be 'customer', 'note', 'odd.`na[me]', 'tmp_x'
            (Get-MigrationObject src browse -Exclude tmp_*, browse.note).Table | Should -Be 'customer', 'odd.`na[me]'
            (Get-MigrationObject src browse -Table c*).HasPrimaryKey | Should -BeTrue
            (Get-MigrationObject src browse note).HasPrimaryKey | Should -BeFalse
            (Get-MigrationObject src browse -Type View).Table | Should -Be 'seen'
        }

        It 'pipes into New-MigrationTask, odd names included' {
            $task = Get-MigrationObject src browse -Exclude tmp_* | New-MigrationTask piped -Source src -Destination dst
            $task.Objects | Should -Be 'browse.customer', 'browse.note', 'browse.odd.`na[me]'
            $task = Get-MigrationObject src | Where-Object Database -EQ browse | New-MigrationTask whole -Source src -Destination dst
            $task.Objects | Should -Be 'browse'
        }

        It 'hands the passwords of the connections on to the task for this session' {
            $status = Start-Migration piped -InProcess -Until CaughtUp
            $status.State | Should -Be 'Stopped'
            Get-TestDigest destination browse | Should -Be (Get-TestDigest source browse)
        }
    }
}
