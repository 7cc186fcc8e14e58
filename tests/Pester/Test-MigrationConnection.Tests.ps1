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

Describe 'Test-MigrationConnection' {
    It 'reports a server that does not answer' {
        $null = New-MigrationConnection closed 127.0.0.1:1 -User u -NoPassword
        $test = Test-MigrationConnection closed
        $test.Outcome | Should -Be 'Failed'
        $test.ErrorCode | Should -Not -BeNullOrEmpty
        $test.RecommendedAction | Should -Not -BeNullOrEmpty
        Test-MigrationConnection closed -Quiet | Should -BeFalse
    }

    It 'has an error where the password is not known' {
        $null = New-MigrationConnection unknown 127.0.0.1:1 -User u
        { Test-MigrationConnection unknown -ErrorAction Stop } | Should -Throw -ErrorId 'PasswordMissing,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        BeforeAll {
            $script:sides = Initialize-TestAccount
        }

        It 'shows what it met' {
            $null = New-MigrationConnection src $sides.SourceServer -Credential $sides.SourceCredential
            $test = Test-MigrationConnection src
            $test.Outcome | Should -Be 'Passed'
            $test.Version | Should -Match '^\d+\.\d+\.\d+'
            $test.LatencyMs | Should -BeGreaterThan 0
            $test.BinaryLog | Should -Be 'ROW, FULL'
            $test.Privileges -join ' ' | Should -Match 'SELECT'
            $test | Format-List | Out-String | Should -Not -Match 'p3st'
            Test-MigrationConnection src -Quiet | Should -BeTrue
        }

        It 'reports a wrong password' {
            $null = New-MigrationConnection wrong $sides.SourceServer -Credential (New-TestCredential dts 'not-the-password')
            (Test-MigrationConnection wrong).Error | Should -Match 'dts'
        }
    }
}
