BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'New-MigrationConnection' {
    It 'saves a connection with a reference to its password' {
        $connection = New-MigrationConnection prod db1:3307 -User dts -SecretName s -Vault v -Tls VerifyFull
        $connection.Server, $connection.User, $connection.Password, $connection.Tls | Should -Be 'db1:3307', 'dts', 'secret s in vault v', 'VerifyFull'
        $connection.Path | Should -Exist
    }

    It 'takes an option file with its group' {
        (New-MigrationConnection file db1 -User dts -DefaultsFile /etc/my.cnf -DefaultsGroup ops).Password | Should -BeLike 'option file *my.cnf, group ops'
    }

    It 'writes no password' {
        $connection = New-MigrationConnection secret db1 -Credential (New-TestCredential dts 'Cl3ar-text')
        Get-Content $connection.Path -Raw | Should -Not -Match 'Cl3ar'
        $connection | Format-List * | Out-String | Should -Not -Match 'Cl3ar'
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a name that exists'; Id = 'ConnectionExists'; More = @{ Name = 'prod'; Server = 'x'; User = 'y' } }
        @{ Case = 'a name that is none'; Id = 'ConnectionNameInvalid'; More = @{ Name = 'a/b'; Server = 'x'; User = 'y' } }
        @{ Case = 'a server that is none'; Id = 'ServerAddressInvalid'; More = @{ Name = 'n'; Server = 'x:0'; User = 'y' } }
        @{ Case = 'no account'; Id = 'UserMissing'; More = @{ Name = 'n'; Server = 'x' } }
        @{ Case = 'two passwords'; Id = 'PasswordAmbiguous'; More = @{ Name = 'n'; Server = 'x'; User = 'y'; PasswordVariable = 'A'; SecretName = 'B' } }
        @{ Case = 'a CA that checks nothing'; Id = 'TaskDefinitionInvalid'; More = @{ Name = 'n'; Server = 'x'; User = 'y'; TlsCa = '/ca.pem' } }
    ) {
        { New-MigrationConnection @More -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'replaces with -Force, and saves nothing with -WhatIf' {
        (New-MigrationConnection prod db2 -User dts -Force).Server | Should -Be 'db2:3306'
        New-MigrationConnection never db2 -User dts -WhatIf | Should -BeNullOrEmpty
        Get-MigrationConnection never* | Should -BeNullOrEmpty
    }

    It 'is no task' {
        Get-MigrationTask | Should -BeNullOrEmpty
    }
}

Describe 'A task of named connections' {
    It 'has what they say' {
        $null = New-MigrationConnection a db1 -User u -PasswordVariable P -Force
        $null = New-MigrationConnection b db2 -User w -NoPassword -Force
        $task = New-MigrationTask named -Source a -Destination (Get-MigrationConnection b) -Database shop
        $task.Source, $task.Destination | Should -Be 'u@db1:3306', 'w@db2:3306'
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'a connection and a server'; Id = 'ConnectionAmbiguous'; More = @{ Source = 'a'; SourceServer = 'x'; Destination = 'b' } }
        @{ Case = 'a connection and an account'; Id = 'ConnectionAmbiguous'; More = @{ Source = 'a'; SourceUser = 'x'; Destination = 'b' } }
        @{ Case = 'no source'; Id = 'ServerMissing'; More = @{ Destination = 'b' } }
        @{ Case = 'a connection that is not there'; Id = 'ConnectionNotFound'; More = @{ Source = 'none'; Destination = 'b' } }
    ) {
        { New-MigrationTask refused @More -Database shop -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }
}
