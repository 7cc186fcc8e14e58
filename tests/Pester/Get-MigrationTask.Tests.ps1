BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
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

    It 'lists 500 tasks in under a second, and completes one of them in a quarter' {
        $text = [IO.File]::ReadAllText((Get-MigrationTask second).Path)
        foreach ($number in 1..500) {
            $null = [IO.Directory]::CreateDirectory((Join-Path $testHome "many$number"))
            [IO.File]::WriteAllText((Join-Path $testHome "many$number/task.json"), $text.Replace('"second"', "`"many$number`""))
        }
        @(Get-MigrationStatus many*).Count | Should -Be 500
        (TabExpansion2 'Get-MigrationTask many49' 24).CompletionMatches.Count | Should -Be 11
        # The best of some: others use the machine, too.
        $listed = 1..5 | ForEach-Object { (Measure-Command { Get-MigrationStatus }).TotalMilliseconds } | Measure-Object -Minimum
        $completed = 1..5 | ForEach-Object { (Measure-Command { TabExpansion2 'Get-MigrationStatus many49' }).TotalMilliseconds } | Measure-Object -Minimum
        Write-Host ('      500 tasks: {0:0} ms, completion: {1:0} ms' -f $listed.Minimum, $completed.Minimum)
        $listed.Minimum | Should -BeLessThan 1000
        $completed.Minimum | Should -BeLessThan 250
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
