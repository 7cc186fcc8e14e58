BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
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

    It 'keeps, changes and takes away the other servers of a cluster, which a task takes over' {
        (Set-MigrationConnection prod -OtherHost db2:3306, db3 -PassThru).OtherHosts | Should -Be 'db2:3306,db3'
        (Set-MigrationConnection prod -User u2 -PassThru).OtherHosts | Should -Be 'db2:3306,db3'
        $null = New-MigrationConnection other a -User u
        $null = New-MigrationTask cluster -Source other -Destination prod -Database shop
        (Export-MigrationTask cluster | ConvertFrom-Json).destination.otherHosts | Should -Be 'db2:3306,db3'
        $null = New-MigrationTask swapped -Source prod -Destination other -Database shop
        (Export-MigrationTask swapped | ConvertFrom-Json).source.otherHosts | Should -Be 'db2:3306,db3'
        (Set-MigrationConnection prod -OtherHost @() -PassThru).OtherHosts | Should -BeNullOrEmpty
        Remove-MigrationConnection other
    }

    It 'takes connections from the pipeline' {
        Get-MigrationConnection | Set-MigrationConnection -User w
        (Get-MigrationConnection prod).User | Should -Be 'w'
    }
}
