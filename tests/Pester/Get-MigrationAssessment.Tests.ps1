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

Describe 'Get-MigrationAssessment' {
    It 'has an error for a name without a task, and for a server that does not answer' {
        { Get-MigrationAssessment none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
        $null = New-MigrationTask deaf @nowhere
        { Get-MigrationAssessment deaf -ErrorAction Stop } | Should -Throw -ErrorId 'ServerUnreachable,*'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'gives findings, which can be chosen by severity and shown' {
            $sides = Initialize-TestAccount
            New-TestDatabase assessed -Rows 10
            Invoke-TestSql source 'CREATE TABLE assessed.old (f FLOAT(7,3), z INT(5) ZEROFILL)'
            $null = New-MigrationTask assessed @sides -Database assessed -MigrationAssessment
            (Export-MigrationTask assessed | ConvertFrom-Json).options.migrationAssessment | Should -BeTrue
            $findings = @(Get-MigrationTask assessed | Get-MigrationAssessment)
            $findings | Should -Not -BeNullOrEmpty
            $findings.Name | Select-Object -Unique | Should -Be 'assessed'
            $findings.Severity | ForEach-Object { $_ | Should -BeIn 'Information', 'Deprecated', 'Incompatible' }
            Get-MigrationAssessment assessed -Severity Deprecated | ForEach-Object Severity | Select-Object -Unique | Should -Be 'Deprecated'
            $findings | Format-Table | Out-String | Should -Match 'Severity +Item +Target'
        }
    }
}
