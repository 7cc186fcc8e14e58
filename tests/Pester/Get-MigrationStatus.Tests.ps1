BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $sides = @{ SourceServer = 'db1'; SourceUser = 'a'; DestinationServer = 'db2'; DestinationUser = 'b'; Database = 'shop' }
    'shop', 'shop-eu', 'crm' | ForEach-Object { $null = New-MigrationTask $_ @sides }
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Get-MigrationStatus' {
    It 'gives every task by name' {
        (Get-MigrationStatus).Name | Should -Be 'crm', 'shop', 'shop-eu'
    }

    It 'takes patterns' {
        (Get-MigrationStatus shop*).Name | Should -Be 'shop', 'shop-eu'
    }

    It 'is silent about a pattern without a match, and has an error for a name without a task' {
        Get-MigrationStatus none* -ErrorAction Stop | Should -BeNullOrEmpty
        { Get-MigrationStatus none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
    }

    It 'goes on after a name without a task' {
        (Get-MigrationStatus none, crm -ErrorAction SilentlyContinue).Name | Should -Be 'crm'
    }

    It 'takes names, statuses and any object with a name from the pipeline' {
        ('crm', 'shop' | Get-MigrationStatus).Name | Should -Be 'crm', 'shop'
        (Get-MigrationStatus | Get-MigrationStatus).Name | Should -Be 'crm', 'shop', 'shop-eu'
        ([pscustomobject]@{ Name = 'crm' } | Get-MigrationStatus).Name | Should -Be 'crm'
        (New-MigrationTask crm @sides -Force | Get-MigrationStatus).Name | Should -Be 'crm'
    }

    It 'keeps to the states asked for' {
        (Get-MigrationStatus -State Created).Count | Should -Be 3
        Get-MigrationStatus -State Failed, Interrupted | Should -BeNullOrEmpty
    }

    It 'is flat: every member is a plain value, so JSON of depth 1 loses nothing' {
        $json = Get-MigrationStatus crm | ConvertTo-Json -Depth 1 -WarningAction Stop | ConvertFrom-Json
        $json.State | Should -BeExactly 'Created'
        $json.RowsCopied | Should -Be 0
        $json.PSObject.Properties.Value | Where-Object { $_ -is [System.Management.Automation.PSCustomObject] -or $_ -is [array] } | Should -BeNullOrEmpty
    }

    It 'completes names from the task home' {
        $line = 'Get-MigrationStatus -Name sh'
        (TabExpansion2 $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Be 'shop', 'shop-eu'
    }

    It 'shows state and rows in its table' {
        $table = Get-MigrationStatus crm | Format-Table | Out-String -Width 160
        $table | Should -Match 'Name\s+State\s+Copied\s+Rows\s+Changes\s+Lag\s+ETA\s+Message'
        $table | Should -Match 'crm\s+Created'
    }

    It 'shows what to do in its list' {
        Get-MigrationStatus crm | Format-List | Out-String | Should -Match 'State\s+: '
    }

    It 'gives nothing where no task was ever made' {
        $env:DTSMIGRATE_HOME = Join-Path $TestDrive 'nowhere'
        try {
            Get-MigrationStatus | Should -BeNullOrEmpty
        } finally {
            $env:DTSMIGRATE_HOME = $testHome
        }
    }
}
