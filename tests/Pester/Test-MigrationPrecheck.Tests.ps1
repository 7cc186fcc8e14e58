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

Describe 'Test-MigrationPrecheck' {
    It 'has an error for a name without a task' {
        { Test-MigrationPrecheck none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
    }

    It 'says which password is missing, and how to give it' {
        $null = New-MigrationTask bare -SourceServer 127.0.0.1:1 -SourceUser a -DestinationServer 127.0.0.1:2 -DestinationUser b -Database shop
        $errors = $null
        Test-MigrationPrecheck bare -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'PasswordMissing,*'
        $errors[0].CategoryInfo.Category | Should -Be 'AuthenticationError'
        $errors[0].ErrorDetails.RecommendedAction | Should -Match '-SourceCredential'
    }

    It 'refuses a credential of another account' {
        { Test-MigrationPrecheck bare -SourceCredential (New-TestCredential root x) -ErrorAction Stop } | Should -Throw -ErrorId 'CredentialUserMismatch,*'
    }

    It 'says that SecretManagement is missing' -Skip:([bool](Get-Module Microsoft.PowerShell.SecretManagement -ListAvailable)) {
        $null = New-MigrationTask vaulted -SourceServer 127.0.0.1:1 -SourceUser a -SourceSecretName s -DestinationServer 127.0.0.1:2 -DestinationUser b -DestinationNoPassword -Database shop
        { Test-MigrationPrecheck vaulted -ErrorAction Stop } | Should -Throw -ErrorId 'PasswordVaultUnavailable,*'
    }

    It 'reads a secret of SecretManagement, whose cmdlet is called by its full name' {
        $null = New-MigrationTask vaulted -Force -SourceServer 127.0.0.1:1 -SourceUser a -SourceSecretName s -SourceVault v -DestinationServer 127.0.0.1:2 -DestinationUser b -DestinationNoPassword -Database shop
        $env:ASKED_FOR = Join-Path $TestDrive 'asked-for'
        $fake = New-Module -Name Microsoft.PowerShell.SecretManagement {
            function Get-Secret {
                param($Name, $Vault)
                Set-Content $env:ASKED_FOR "$Name in $Vault"
                'from-the-vault'
            }
        } | Import-Module -PassThru
        try {
            (Test-MigrationPrecheck vaulted | Where-Object Outcome -EQ Failed).Check | Should -Not -BeNullOrEmpty
            Get-Content $env:ASKED_FOR | Should -Be 's in v'
        } finally {
            Remove-Module $fake
            $env:ASKED_FOR = $null
        }
    }

    It 'reports a server that does not answer as a failed check, not as an error' {
        $null = New-MigrationTask closed -SourceServer 127.0.0.1:1 -SourceUser a -SourceNoPassword -DestinationServer 127.0.0.1:2 -DestinationUser b -DestinationNoPassword -Database shop
        $results = Test-MigrationPrecheck closed -ErrorAction Stop
        ($results | Where-Object Outcome -EQ Failed).Target | Should -Contain 'source'
        Test-MigrationPrecheck closed -Quiet | Should -BeFalse
    }

    It 'ends at once when a later command has enough' {
        @(Test-MigrationPrecheck closed | Select-Object -First 1).Count | Should -Be 1
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        BeforeAll {
            $script:sides = Initialize-TestAccount
            New-TestDatabase precheck
        }

        It 'passes every check, in the same order each time' {
            $task = New-MigrationTask good @sides -Database precheck
            $first = $task | Test-MigrationPrecheck
            $first | Where-Object Outcome -EQ Failed | Format-List | Out-String | Should -BeNullOrEmpty
            $first.Count | Should -BeGreaterThan 5
            (Test-MigrationPrecheck good).Check | Should -Be $first.Check
            Test-MigrationPrecheck good -Quiet | Should -BeTrue
        }

        It 'fails when the destination has the table already, and says what to do' {
            Invoke-TestSql destination 'CREATE DATABASE precheck; CREATE TABLE precheck.customer (id INT PRIMARY KEY)'
            $failed = Test-MigrationPrecheck good | Where-Object Outcome -EQ Failed
            Invoke-TestSql destination 'DROP DATABASE precheck'
            $failed.Target | Should -Match 'customer'
            $failed.Recommendation | Should -Not -BeNullOrEmpty
        }

        It 'fails with the name of the account when the password is wrong' {
            $wrong = New-TestCredential dts 'not-the-password'
            $failed = Test-MigrationPrecheck good -SourceCredential $wrong | Where-Object Outcome -EQ Failed
            $failed[0].Message | Should -Match 'dts'
            $failed[0].Message | Should -Not -Match 'not-the-password'
        }

        It 'shows outcome and check in a table' {
            $table = Test-MigrationPrecheck good | Out-String -Width 160
            $table | Should -Match 'Outcome\s+Check\s+Target\s+Message'
        }
    }
}
