BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Remove-MigrationConnection' {
    It 'removes by name, pattern and object, and nothing with -WhatIf' {
        'a1', 'a2', 'b1' | ForEach-Object { New-MigrationConnection $_ host -User u } | Should -HaveCount 3
        Remove-MigrationConnection * -WhatIf
        Remove-MigrationConnection a*
        (Get-MigrationConnection).Name | Should -Be 'b1'
        Get-MigrationConnection | Remove-MigrationConnection
        Get-MigrationConnection | Should -BeNullOrEmpty
        { Remove-MigrationConnection b1 -ErrorAction Stop } | Should -Throw -ErrorId 'ConnectionNotFound,*'
    }
}
