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

Describe 'Export-MigrationSchema' {
    It 'has an error for a name without a task, and leaves no file for a server that does not answer' {
        { Export-MigrationSchema none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
        $null = New-MigrationTask deaf @nowhere
        { Export-MigrationSchema deaf -Path $TestDrive -ErrorAction Stop } | Should -Throw -ErrorId 'ServerUnreachable,*'
        Get-ChildItem $TestDrive | Should -BeNullOrEmpty
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        BeforeAll {
            $sides = Initialize-TestAccount
            New-TestDatabase dry -Rows 1
            Invoke-TestSql source 'CREATE VIEW dry.names AS SELECT name FROM dry.customer'
            $null = New-MigrationTask dry @sides -Database dry -Map @{ dry = 'dry_run' }
        }

        It 'gives the script as text, and changes nothing' {
            $script = Export-MigrationSchema dry
            $script | Should -BeOfType string
            $script | Should -Match 'CREATE TABLE `dry_run`\.`customer`'
            $script | Should -Match 'VIEW `dry_run`\.`names`'
            Invoke-TestSql destination "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = 'dry_run'" | Should -Be 0
        }

        It 'writes a file, not over one that exists unless forced, and none with -WhatIf' {
            Export-MigrationSchema dry -Path $TestDrive -WhatIf | Should -BeNullOrEmpty
            $file = Get-MigrationTask dry | Export-MigrationSchema -Path $TestDrive
            $file.Name | Should -Be 'dry.sql'
            Get-Content $file -Raw | Should -BeExactly (Export-MigrationSchema dry)
            { Export-MigrationSchema dry -Path $file -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
            (Export-MigrationSchema dry -Path $file -Force).FullName | Should -Be $file.FullName
            Get-ChildItem $TestDrive -Filter *.unfinished | Should -BeNullOrEmpty
        }

        It 'gives a script that the destination takes' {
            Invoke-TestSql destination (Export-MigrationSchema dry)
            Invoke-TestSql destination "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'dry_run'" | Should -Be 3
        }
    }
}
