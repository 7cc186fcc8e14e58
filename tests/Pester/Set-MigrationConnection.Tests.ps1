BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $testHome = Enter-TestHome
    $null = New-MigrationConnection prod a:3307 -User u -PasswordVariable P -Tls VerifyCA -TlsCa /ca.pem
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Set-MigrationConnection' {
    It 'changes what it names and leaves the rest' {
        $changed = Set-MigrationConnection prod -Server b:3308 -PassThru
        $changed.Server, $changed.User, $changed.Password, $changed.Tls, $changed.TlsCa | Should -Be 'b:3308', 'u', 'environment variable P', 'VerifyCA', '/ca.pem'
        (Set-MigrationConnection prod -SecretName s -PassThru).Password | Should -Be 'secret s'
        (Set-MigrationConnection prod -Tls Required -PassThru).TlsCa | Should -BeNullOrEmpty
        (Get-MigrationConnection prod).Server | Should -Be 'b:3308'
    }

    It 'changes nothing with -WhatIf, and has an error for a name without a connection' {
        Set-MigrationConnection prod -Server c -WhatIf
        (Get-MigrationConnection prod).Server | Should -Be 'b:3308'
        { Set-MigrationConnection none -Server c -ErrorAction Stop } | Should -Throw -ErrorId 'ConnectionNotFound,*'
    }

    It 'takes connections from the pipeline' {
        Get-MigrationConnection | Set-MigrationConnection -User w
        (Get-MigrationConnection prod).User | Should -Be 'w'
    }
}
