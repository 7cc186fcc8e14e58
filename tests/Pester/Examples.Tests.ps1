BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $hasServers = [bool](Start-TestServerSet)
    $examples = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'examples'
    $scripts = Get-ChildItem $examples -Recurse -Filter *.ps1 | ForEach-Object { @{ Script = $_ } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $testHome = Enter-TestHome
    $examples = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'examples'
    $modulePath = $env:PSModulePath
    $env:PSModulePath = (Split-Path (Split-Path (Get-ModuleManifestPath))) + [IO.Path]::PathSeparator + $modulePath
}

AfterAll {
    $env:PSModulePath = $modulePath
    Exit-TestHome $testHome
}

Describe 'The example <Script.Name>' -ForEach $scripts {
    It 'parses, and says what it is for' {
        $errors = $null
        $null = [System.Management.Automation.Language.Parser]::ParseFile($Script.FullName, [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty
        (Get-Help $Script.FullName).Synopsis | Should -Not -BeNullOrEmpty
    }
}

Describe 'Units of other systems' {
    It 'have a property list that is XML' {
        [xml]$list = Get-Content (Join-Path $examples 'launchd' 'org.dtsmigrate.resume.plist') -Raw
        $list.DocumentElement.dict.string | Should -Contain 'org.dtsmigrate.resume'
    }

    It 'have systemd units that systemd takes' -Skip:(-not (Get-Command systemd-analyze -ErrorAction Ignore)) {
        $output = systemd-analyze --user verify (Join-Path $examples 'systemd' 'dtsmigrate-resume.service') 2>&1 | Where-Object { $_ -match 'dtsmigrate-resume.service:\d' }
        $output | Should -BeNullOrEmpty
    }
}

Describe 'Examples with two servers' -Skip:(-not $hasServers) {
    It 'migrates until the destination follows, reports, and resumes after a crash' {
        $sides = Initialize-TestAccount
        New-TestDatabase example -Rows 200
        $env:PESTER_PW = Get-TestPassword
        try {
            $null = New-MigrationConnection exsrc $sides.SourceServer -User dts -PasswordVariable PESTER_PW
            $null = New-MigrationConnection exdst $sides.DestinationServer -User dts -PasswordVariable PESTER_PW
            $status = & (Join-Path $examples 'minimal-downtime.ps1') -Name example -Source exsrc -Destination exdst -Database example -Timeout 120 -ReportPath $TestDrive
            $status.State | Should -Be 'Replicating'
            Join-Path $TestDrive 'example-report.html' | Should -Exist

            Stop-Process -Id $status.WorkerPid -Force
            Wait-Until 'the worker to be gone' { (Get-MigrationStatus example).State -eq 'Interrupted' }
            $again = & (Join-Path $examples 'resume-interrupted.ps1')
            $again.WorkerPid | Should -Not -BeNullOrEmpty
            $null = Wait-Migration example -Until CaughtUp -Timeout 60
            Stop-Migration example -Wait
            Get-TestDigest destination example | Should -Be (Get-TestDigest source example)
        } finally {
            $env:PESTER_PW = $null
        }
    }
}
