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

Describe 'Get-MigrationLog' {
    BeforeAll {
        $task = New-MigrationTask logged @nowhere
        $log = Join-Path (Split-Path $task.Path) 'events.jsonl'
        Get-MigrationLog logged | Should -BeNullOrEmpty
        Set-Content $log @(
            '{"time":"2030-01-01T00:00:01+00:00","level":"Info","phase":"State","message":"one"}'
            '{"time":"2030-01-01T00:00:02+00:00","level":"Warning","phase":"Retry","message":"two"}'
            '{"time":"2030-01-01T00:00:03+00:00","level":"Error","phase":"FullCopy","message":"three"}'
        )
    }

    It 'gives entries in their order' {
        (Get-MigrationLog logged).Message | Should -Be 'one', 'two', 'three'
        (Get-MigrationLog logged)[1].Level | Should -Be 'Warning'
        (Get-MigrationTask | Get-MigrationLog -Tail 1).Message | Should -Be 'three'
    }

    It 'chooses by level, time and phase' {
        (Get-MigrationLog logged -Level Warning).Message | Should -Be 'two', 'three'
        (Get-MigrationLog logged -Since ([DateTimeOffset]'2030-01-01T00:00:02Z')).Message | Should -Be 'two', 'three'
        (Get-MigrationLog logged -Phase fullcopy).Message | Should -Be 'three'
    }

    It 'names the range of -Tail' {
        { Get-MigrationLog logged -Tail 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -ExpectedMessage '*Tail*0*1*'
    }

    It 'follows what comes, until nobody wants more' {
        $script = {
            param($log)
            [Threading.Thread]::Sleep(1500)
            Add-Content $log '{"time":"2030-01-01T00:00:04+00:00","level":"Info","phase":"State","message":"four"}'
        }
        $shell = [powershell]::Create().AddScript($script).AddArgument($log)
        $writing = $shell.BeginInvoke()
        (Get-MigrationLog logged -Wait | Select-Object -First 4).Message | Should -Be 'one', 'two', 'three', 'four'
        $null = $shell.EndInvoke($writing)
        $shell.Dispose()
    }

    It 'shows levels beside colours' {
        Get-MigrationLog logged | Out-String | Should -Match 'Warning'
    }
}
