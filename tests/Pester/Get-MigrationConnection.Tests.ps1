BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $null = New-MigrationConnection prod1 a -User u -NoPassword
    $null = New-MigrationConnection prod2 b -User u -NoPassword
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Get-MigrationConnection' {
    It 'lists all, by name and by pattern' {
        (Get-MigrationConnection).Name | Should -Be 'prod1', 'prod2'
        (Get-MigrationConnection PROD2).Name | Should -Be 'prod2'
        (Get-MigrationConnection *1).Name | Should -Be 'prod1'
        { Get-MigrationConnection none -ErrorAction Stop } | Should -Throw -ErrorId 'ConnectionNotFound,*'
    }

    It 'goes on after a broken file, which is an error that names it' {
        Set-Content (Get-MigrationConnection prod1).Path '{'
        $errors = $null
        (Get-MigrationConnection -ErrorVariable errors -ErrorAction SilentlyContinue).Name | Should -Be 'prod2'
        $errors[0].Exception.Message | Should -Match 'prod1.json'
    }

    It 'completes names' {
        (TabExpansion2 'Get-MigrationConnection pro' 27).CompletionMatches.CompletionText | Should -Be 'prod1', 'prod2'
        (TabExpansion2 'New-MigrationTask x -Source pro' 31).CompletionMatches.CompletionText | Should -Be 'prod1', 'prod2'
    }
}
