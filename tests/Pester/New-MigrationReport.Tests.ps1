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

Describe 'New-MigrationReport' {
    It 'reports a task that was never started' {
        $null = New-MigrationTask fresh @nowhere
        $file = New-MigrationReport fresh $TestDrive
        $file.Name | Should -Be 'fresh-report.html'
        # As Get-Item gives it, whose view shows size and mode, wherever the session is.
        Push-Location Env:
        $file = New-MigrationReport fresh "$TestDrive/elsewhere.html"
        Pop-Location
        $file.PSDrive, $file.PSProvider.Name | Should -Not -BeNullOrEmpty
        $file | Out-String | Should -Match "$($file.Length)"
        Get-Content $file -Raw | Should -Match 'never started'
    }

    It 'writes nothing with -WhatIf, and over a file with -Force only' {
        New-MigrationReport fresh (Join-Path $TestDrive 'never.html') -WhatIf | Should -BeNullOrEmpty
        Join-Path $TestDrive 'never.html' | Should -Not -Exist
        { New-MigrationReport fresh $TestDrive -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        (New-MigrationReport fresh $TestDrive -Force).Length | Should -BeGreaterThan 1000
    }

    It 'has an error for <Case>' -ForEach @(
        @{ Case = 'a name without a task'; Id = 'TaskNotFound'; More = @{ Name = 'none' } }
        @{ Case = 'a folder that is not there'; Id = 'DirectoryNotFoundException'; More = @{ Name = 'fresh'; Path = '/no/such/folder/x.html' } }
    ) {
        { New-MigrationReport @More -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'tells the story of a migration, without a password' {
            $sides = Initialize-TestAccount
            New-TestDatabase reports -Rows 2000
            $null = New-MigrationTask reports @sides -Database reports | Start-TestMigration
            Stop-Migration reports -Wait
            foreach ($format in 'Html', 'Markdown', 'Json') {
                $text = Get-Content (Get-MigrationTask reports | New-MigrationReport -Path $TestDrive -Format $format) -Raw
                $text | Should -Match 'reports\.customer'
                $text | Should -Match 'FullCopy'
                $text | Should -Not -Match 'p3st'
            }
            (Get-Content (Join-Path $TestDrive 'reports-report.json') -Raw | ConvertFrom-Json).timeline.state | Should -Contain 'Replicating'
        }
    }
}
