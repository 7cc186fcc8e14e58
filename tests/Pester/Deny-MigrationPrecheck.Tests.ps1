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

Describe 'Deny-MigrationPrecheck' {
    It 'takes an approval back, by name and by result' {
        $task = New-MigrationTask denied @nowhere
        $folder = Split-Path $task.Path
        Set-Content (Join-Path $folder 'precheck.json') '{"at":"2030-01-01T00:00:00+00:00","results":[{"task":"denied","check":"One","category":"Objects","outcome":"Warning","target":"source","message":"m"}]}'
        (Approve-MigrationPrecheck denied O* -Reason fine -Confirm:$false).Outcome | Should -Be 'Approved'
        Deny-MigrationPrecheck denied * -WhatIf | Should -BeNullOrEmpty
        (Deny-MigrationPrecheck denied *).Outcome | Should -Be 'Warning'
        Deny-MigrationPrecheck denied * | Should -BeNullOrEmpty
        (Approve-MigrationPrecheck denied one -Reason fine -Confirm:$false | Deny-MigrationPrecheck).Outcome | Should -Be 'Warning'
        { Deny-MigrationPrecheck denied Two -ErrorAction Stop } | Should -Throw -ErrorId 'CheckNotFound,*'
    }
}
