BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $testHome = Enter-TestHome
    $nowhere = @{ SourceServer = 'a'; SourceUser = 'a'; DestinationServer = 'b'; DestinationUser = 'b'; Database = 'shop' }
    $null = New-MigrationTask first @nowhere -EnvironmentTag production
    $null = New-MigrationTask second @nowhere
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'Get-MigrationTask' {
    It 'lists all tasks by name' {
        (Get-MigrationTask).Name | Should -Be 'first', 'second'
    }

    It 'takes names, patterns and objects' {
        (Get-MigrationTask SECOND).Name | Should -Be 'second'
        (Get-MigrationTask f*).Name | Should -Be 'first'
        (Get-MigrationStatus | Get-MigrationTask).Name | Should -Be 'first', 'second'
        Get-MigrationTask none* | Should -BeNullOrEmpty
        { Get-MigrationTask none -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
    }

    It 'chooses by environment tag' {
        (Get-MigrationTask -EnvironmentTag prod*).Name | Should -Be 'first'
        (Get-MigrationTask -EnvironmentTag prod*).EnvironmentTag | Should -Be 'production'
    }

    It 'lists 500 tasks in a second' {
        $definition = Get-Content (Get-MigrationTask second).Path -Raw
        foreach ($i in 1..500) {
            $folder = New-Item -ItemType Directory (Join-Path $testHome "many$i")
            Set-Content (Join-Path $folder 'task.json') $definition.Replace('"second"', "`"many$i`"")
        }
        $null = Get-MigrationStatus many1
        $clock = [Diagnostics.Stopwatch]::StartNew()
        @(Get-MigrationStatus many*).Count | Should -Be 500
        Write-Host "      500 tasks: $($clock.ElapsedMilliseconds) ms"
        $clock.ElapsedMilliseconds | Should -BeLessThan 5000
        $clock.Restart()
        (TabExpansion2 'Get-MigrationTask many49' 24).CompletionMatches.Count | Should -Be 11
        Write-Host "      completion: $($clock.ElapsedMilliseconds) ms"
        $clock.ElapsedMilliseconds | Should -BeLessThan 2500
    }

    It 'goes on after a broken definition, which is an error' {
        $folder = New-Item -ItemType Directory (Join-Path $testHome 'broken')
        Set-Content (Join-Path $folder 'task.json') '{'
        $errors = $null
        $names = (Get-MigrationTask broken, first -ErrorVariable errors -ErrorAction SilentlyContinue).Name
        $names | Should -Be 'first'
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'TaskDefinitionInvalid,*'
    }
}
