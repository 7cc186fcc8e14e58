BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $nowhere = @{ SourceServer = 'a'; SourceUser = 'a'; DestinationServer = 'b'; DestinationUser = 'b'; DestinationNoPassword = $true }
    $null = New-MigrationTask shop @nowhere -Database shop -Table crm.client -Map @{ 'crm.client' = 'crm2.customer' } -EnvironmentTag test `
        -RetryFailedConnectionsMinutes 60 -RetryOtherIssuesMinutes 5 -CopyThreads 7 -LateIndexes Never
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Export-MigrationTask' {
    It 'gives the whole definition as text' {
        $options = (Export-MigrationTask shop | ConvertFrom-Json).options
        $options.retryFailedConnectionsMinutes, $options.retryOtherIssuesMinutes, $options.copyThreads, $options.lateIndexes, $options.environmentTag | Should -Be 60, 5, 7, 'Never', 'test'
        $options.size | Should -Be 'Auto'
    }

    It 'writes a file, into a folder under the name of the task, and never over another' {
        $file = Get-MigrationTask shop | Export-MigrationTask -Path $TestDrive
        $file.FullName | Should -Be (Join-Path $TestDrive 'shop.json')
        { Export-MigrationTask shop $TestDrive -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        (Export-MigrationTask shop $file.FullName -Force).Length | Should -BeGreaterThan 100
    }

    It 'writes nothing with -WhatIf' {
        Export-MigrationTask shop (Join-Path $TestDrive 'never.json') -WhatIf
        Join-Path $TestDrive 'never.json' | Should -Not -Exist
    }

    It 'gives the objects as a DbList' {
        $list = Export-MigrationTask shop -Format DbList | ConvertFrom-Json
        $list.shop.all | Should -BeTrue
        $list.crm.name | Should -Be 'crm2'
        $list.crm.Table.client.name | Should -Be 'customer'
    }
}
