BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $script:hasServers = [bool](Start-TestServerSet)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $script:nowhere = @{ SourceServer = 'a'; SourceUser = 'a'; DestinationServer = 'b'; DestinationUser = 'b'; Database = 'shop' }
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Approve-MigrationPrecheck' {
    It 'needs a precheck first, and a reason' {
        $null = New-MigrationTask fresh @nowhere
        { Approve-MigrationPrecheck fresh BinlogRetention -Reason x -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'PrecheckMissing,*'
        { Approve-MigrationPrecheck fresh BinlogRetention -Reason '' -Confirm:$false } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'does not approve what failed' {
        $null = New-MigrationTask closed -SourceServer 127.0.0.1:1 -SourceUser a -SourceNoPassword -DestinationServer 127.0.0.1:2 -DestinationUser b -DestinationNoPassword -Database shop
        $failed = Test-MigrationPrecheck closed | Where-Object Outcome -EQ Failed
        $failed | Should -Not -BeNullOrEmpty
        $errors = $null
        $failed | Approve-MigrationPrecheck -Reason x -Confirm:$false -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'PrecheckNotApprovable,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'lets a task start that asks for approvals' {
            $sides = Initialize-TestAccount
            New-TestDatabase approves -Rows 10
            $null = New-MigrationTask approves @sides -Database approves -RequireApproval
            $warnings = Test-MigrationPrecheck approves | Where-Object Outcome -EQ Warning
            $warnings | Should -Not -BeNullOrEmpty -Because 'the table note has no key'
            Test-MigrationPrecheck approves -Quiet | Should -BeFalse
            { Start-Migration approves -InProcess -ErrorAction Stop } | Should -Throw -ErrorId 'PrecheckBlocked,*'

            $warnings | Approve-MigrationPrecheck -Reason 'looked at' -WhatIf | Should -BeNullOrEmpty
            $approved = $warnings | Approve-MigrationPrecheck -Reason 'looked at' -Confirm:$false
            $approved.Outcome | Select-Object -Unique | Should -Be 'Approved'
            $approved[0].ApprovedReason | Should -Be 'looked at'
            $approved | Out-String | Should -Match 'looked at'
            Test-MigrationPrecheck approves -Quiet | Should -BeTrue
            (Start-Migration approves -InProcess -Until CaughtUp).State | Should -Be 'Stopped'
        }
    }
}
