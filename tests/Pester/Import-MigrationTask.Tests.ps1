BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $null = New-MigrationConnection src a:3306 -User a -NoPassword
    $null = New-MigrationConnection dst b:3306 -User b -NoPassword
    $list = Join-Path $TestDrive 'dblist.json'
    Set-Content $list '{ "db1": { "name": "db1_new", "all": true }, "db2": { "all": false, "Table": { "t1": { "name": "t1_new", "all": true } } } }'
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Import-MigrationTask' {
    It 'takes what Export-MigrationTask wrote' {
        $null = New-MigrationTask shop -Source src -Destination dst -Database shop
        $text = Export-MigrationTask shop
        $file = Export-MigrationTask shop $TestDrive
        (Get-Item $file | Import-MigrationTask -Name copy).Name | Should -Be 'copy'
        (Export-MigrationTask copy).Replace('"copy"', '"shop"') | Should -BeExactly $text
    }

    It 'takes a DbList with the servers that are given' {
        $task = Import-MigrationTask $list -Name fromlist -Source src -Destination dst
        $task.Objects | Should -Be 'db1 -> db1_new', 'db2.t1 -> db2.t1_new'
        $task.Source | Should -Be 'a@a:3306'
    }

    It 'has an error for <Case>' -ForEach @(
        @{ Case = 'a DbList without servers'; Id = 'ImportIncomplete'; Text = '{ "a": { "all": true } }' }
        @{ Case = 'a filter'; Id = 'TaskDefinitionInvalid'; Text = '{ "a": { "all": true, "filter": "id > 1" } }' }
        @{ Case = 'a text that is no JSON'; Id = 'TaskDefinitionInvalid'; Text = 'x' }
        @{ Case = 'a file that is not there'; Id = 'TaskFileUnreadable'; Text = $null }
    ) {
        $file = Join-Path $TestDrive 'wrong.json'
        Remove-Item $file -ErrorAction Ignore
        if ($Text) { Set-Content $file $Text }
        { Import-MigrationTask $file -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'imports nothing with -WhatIf, and replaces with -Force only' {
        Import-MigrationTask $list -Name none -Source src -Destination dst -WhatIf | Should -BeNullOrEmpty
        Get-MigrationTask none* | Should -BeNullOrEmpty
        { Import-MigrationTask $list -Name fromlist -Source src -Destination dst -ErrorAction Stop } | Should -Throw -ErrorId 'TaskExists,*'
        (Import-MigrationTask $list -Name fromlist -Source src -Destination dst -Force).Name | Should -Be 'fromlist'
    }
}
