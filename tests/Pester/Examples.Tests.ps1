BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    $script:hasServers = [bool](Start-TestServerSet)
    $examples = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'examples'
    $script:scripts = Get-ChildItem $examples -Recurse -Filter *.ps1 | ForEach-Object { @{ Script = $_ } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $script:examples = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'examples'
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
        [xml]$list = Get-Content (Join-Path $examples 'launchd/org.dtsmigrate.resume.plist') -Raw
        $list.DocumentElement.dict.string | Should -Contain 'org.dtsmigrate.resume'
    }

    It 'have systemd units that systemd takes' -Skip:(-not (Get-Command systemd-analyze -ErrorAction Ignore)) {
        # A template is judged as one of its instances; that the program is not installed at its place is not the unit's fault.
        Copy-Item (Join-Path $examples 'systemd/dtsmigrate@.service') (Join-Path $TestDrive 'dtsmigrate@shop.service')
        foreach ($unit in (Join-Path $examples 'systemd/dtsmigrate-resume.service'), (Join-Path $TestDrive 'dtsmigrate@shop.service')) {
            $output = systemd-analyze --user verify $unit 2>&1 | Where-Object { $_ -match [regex]::Escape((Split-Path -Leaf $unit)) -and $_ -notmatch 'is not executable' }
            $output | Should -BeNullOrEmpty
        }
    }
}

Describe 'Examples with two servers' -Skip:(-not $hasServers) {
    BeforeAll {
        $sides = Initialize-TestAccount
        $env:PESTER_PW = Get-TestPassword
        $null = New-MigrationConnection exsrc $sides.SourceServer -User dts -PasswordVariable PESTER_PW
        $null = New-MigrationConnection exdst $sides.DestinationServer -User dts -PasswordVariable PESTER_PW
        $script:both = @{ Source = 'exsrc'; Destination = 'exdst' }

        function Start-Unit {
            # Runs the ExecStart line of a unit with what systemd puts for its specifiers, in the environment that it would give. /opt/dtsmigrate is where it was installed.
            [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Test processes.')]
            param([string] $Unit, [string] $Instance, [hashtable] $Variables)
            $line = (Get-Content (Join-Path $examples "systemd/$Unit") | Where-Object { $_ -like 'ExecStart=*' }) -replace '^ExecStart='
            $installed = Split-Path $examples
            $program = Get-ChildItem (Join-Path $installed 'src/DtsMigrate.Worker/bin/*/net10.0/dtsmigrate') | Sort-Object LastWriteTime | Select-Object -Last 1
            $words = -split ($line -replace '/opt/dtsmigrate/dtsmigrate', $program -replace '/opt/dtsmigrate', $installed -replace '%h', $TestDrive -replace '%i', $Instance)
            $info = [System.Diagnostics.ProcessStartInfo]::new($words[0], [string[]]$words[1..($words.Count - 1)])
            $info.RedirectStandardOutput = $true
            $info.Environment.Clear()
            foreach ($name in 'PATH', 'DOTNET_ROOT', 'PSModulePath') { if ([Environment]::GetEnvironmentVariable($name)) { $info.Environment[$name] = [Environment]::GetEnvironmentVariable($name) } }
            $info.Environment['HOME'] = "$TestDrive"
            $info.Environment['DTSMIGRATE_HOME'] = $testHome
            foreach ($name in $Variables.Keys) { $info.Environment[$name] = $Variables[$name] }
            [System.Diagnostics.Process]::Start($info)
        }
    }

    AfterAll {
        $env:PESTER_PW = $null
    }

    It 'minimal-downtime migrates until the destination follows; the systemd unit resumes it after a crash; the switch loses nothing' -Skip:(-not $IsLinux) {
        New-TestDatabase example -Rows 200
        Invoke-TestSql source 'CREATE TRIGGER example.stamp BEFORE INSERT ON example.note FOR EACH ROW SET NEW.words = UPPER(NEW.words)'
        $script = Join-Path $examples 'minimal-downtime.ps1'
        $status = & $script -Name example @both -Database example -Timeout 120 -ReportPath $TestDrive
        $status.State | Should -Be 'Replicating'
        Join-Path $TestDrive 'example-report.html' | Should -Exist

        Stop-Process -Id $status.WorkerPid -Force
        Wait-Until 'the worker to be gone' { (Get-MigrationStatus example).State -eq 'Interrupted' }
        $unit = Start-Unit dtsmigrate-resume.service -Variables @{ PESTER_PW = $env:PESTER_PW }
        $unit.WaitForExit(60000) | Should -BeTrue
        $unit.ExitCode | Should -Be 0
        (Get-MigrationStatus example).WorkerPid | Should -Not -BeNullOrEmpty

        # The last row is written while the applications are being stopped.
        $order = [System.Collections.Generic.List[string]]::new()
        $status = & $script -Name example @both -Database example -Timeout 120 -ReportPath $TestDrive -StopApplication {
            Invoke-TestSql source "INSERT INTO example.customer (id, name) VALUES (1000001, 'the last one')"
            $order.Add('stopped')
        } -StartApplication { $order.Add('started') }
        $status.State, $status.WorkerPid | Should -Be 'Stopped', $null
        $order | Should -Be 'stopped', 'started'
        Get-TestDigest destination example | Should -Be (Get-TestDigest source example)
        Invoke-TestSql destination "SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = 'example'" | Should -Be 1
    }

    It 'nightly-copy copies, and the next night again; it says by its exit code what went wrong' {
        New-TestDatabase nightone -Rows 50
        New-TestDatabase nighttwo -Rows 5
        $script = Join-Path $examples 'nightly-copy.ps1'
        (& $script @both -Database 'nightone,nighttwo' -ReportPath $TestDrive).State | Should -Be 'Completed'
        $LASTEXITCODE | Should -Be 0
        Join-Path $TestDrive ('nightly-{0:yyyy-MM-dd}.html' -f (Get-Date)) | Should -Exist
        Invoke-TestSql source "UPDATE nightone.customer SET name = 'of today' WHERE id = 7; DELETE FROM nighttwo.customer WHERE id = 1"
        (& $script @both -Database nightone, nighttwo).State | Should -Be 'Completed'
        foreach ($database in 'nightone', 'nighttwo') { Get-TestDigest destination $database | Should -Be (Get-TestDigest source $database) }

        # Another task wants to make what is there already.
        $found = & $script @both -Database nightone -Name other -ErrorAction SilentlyContinue 2>$null
        $LASTEXITCODE | Should -Be 3
        ($found | Where-Object Outcome -EQ Failed).Target | Should -Match 'nightone'
    }

    It 'migrate-many migrates forty databases, some to a task, and only the new ones when it is run again' {
        Invoke-TestSql source ((1..40 | ForEach-Object { 'CREATE DATABASE forty_{0:00}; CREATE TABLE forty_{0:00}.t (id INT PRIMARY KEY); INSERT INTO forty_{0:00}.t VALUES ({0}), (100);' -f $_ }) -join "`n")
        $script = Join-Path $examples 'migrate-many.ps1'
        $statuses = & $script @both -Pattern forty_* -DatabasesPerTask 20 -MigrationType Schema, Full -Timeout 120
        $statuses.Name | Should -Be 'many-001', 'many-002'
        $statuses.State | Should -Be 'Completed', 'Completed'
        Invoke-TestSql source 'CREATE DATABASE forty_41; CREATE TABLE forty_41.t (id INT PRIMARY KEY); INSERT INTO forty_41.t VALUES (41), (100)'
        $statuses = & $script @both -Pattern forty_* -MigrationType Schema, Full -Timeout 120
        $statuses.Name | Should -Be 'many-001', 'many-002', 'many-003'
        $statuses[2].State | Should -Be 'Completed'
        Invoke-TestSql destination ((1..41 | ForEach-Object { 'SELECT SUM(id) FROM forty_{0:00}.t' -f $_ }) -join '; ') | Should -Be (1..41 | ForEach-Object { $_ + 100 })
    }

    It 'status-mail writes files that programs, Excel and browsers read, and sends the page' {
        # A message that is a formula to Excel, and a mail server that keeps what it is sent.
        $statuses = @(Get-MigrationStatus)
        $formula = $statuses[0] | Select-Object *
        $formula.Name, $formula.Message = 'formula', '=HYPERLINK("x")'
        function Get-MigrationStatus { $formula; $statuses }
        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $server = [powershell]::Create().AddScript({
                param($Listener)
                $client = $Listener.AcceptTcpClient()
                $stream = $client.GetStream()
                $reader = [IO.StreamReader]::new($stream)
                $writer = [IO.StreamWriter]::new($stream)
                $writer.NewLine = "`r`n"
                $writer.AutoFlush = $true
                $writer.WriteLine('220 here')
                while ($null -ne ($line = $reader.ReadLine()) -and $line -ne 'QUIT') {
                    if ($line -eq 'DATA') {
                        $writer.WriteLine('354 go on')
                        while (($line = $reader.ReadLine()) -ne '.') { $line }
                    } elseif ($line -like 'RCPT*') {
                        $line
                    }
                    $writer.WriteLine('250 ok')
                }
                $client.Dispose()
            }).AddArgument($listener)
        $serving = $server.BeginInvoke()
        try {
            $files = & (Join-Path $examples 'status-mail.ps1') -Path $TestDrive -SmtpServer "127.0.0.1:$($listener.LocalEndpoint.Port)" -NoTls -MailFrom dts@shop.example -MailTo a@shop.example, b@shop.example -Culture de-DE
            $mail = $server.EndInvoke($serving) -join "`n"
        } finally {
            $listener.Stop()
            $server.Dispose()
        }
        $files.Name | Should -Be 'status.csv', 'status-excel.csv', 'status.html'
        $csv = @(Import-Csv (Join-Path $TestDrive 'status.csv'))
        ($csv | Where-Object Name -EQ nightly).State | Should -Be 'Completed'
        [double]::Parse(($csv | Where-Object Name -EQ nightly).Percent, [cultureinfo]::InvariantCulture) | Should -Be 100
        $csv[0].Message | Should -Be '=HYPERLINK("x")'
        [IO.File]::ReadAllBytes((Join-Path $TestDrive 'status-excel.csv'))[0..2] | Should -Be 0xEF, 0xBB, 0xBF
        $excel = @(Import-Csv (Join-Path $TestDrive 'status-excel.csv') -Delimiter ';')
        $excel[0].Message | Should -Be "'=HYPERLINK(`"x`")"
        ($excel | Where-Object Name -EQ nightly).UpdatedAt | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$'
        Get-Content (Join-Path $TestDrive 'status.html') -Raw | Should -Match '<td>nightly</td><td>Completed</td>'
        $mail | Should -Match 'RCPT TO:<a@shop.example>[\s\S]*RCPT TO:<b@shop.example>[\s\S]*Content-Type: text/html'
    }

    It 'dtsmigrate@.service runs a task until it is stopped, and does not try again what a start cannot mend' -Skip:(-not $IsLinux) {
        New-TestDatabase unitdb -Rows 20
        $folder = New-Item -ItemType Directory -Force (Join-Path $TestDrive '.config/dtsmigrate')
        $null = New-MigrationTask unit @both -Database unitdb
        $null = Export-MigrationTask unit -Path (Join-Path $folder 'unit.json')
        Remove-MigrationTask unit -Confirm:$false
        $unit = Start-Unit dtsmigrate@.service -Instance unit -Variables @{ PESTER_PW = $env:PESTER_PW }
        try {
            Wait-Until 'the stream to keep up' { $unit.HasExited -or (Get-MigrationStatus unit* | Where-Object State -EQ Replicating) }
            Get-TestDigest destination unitdb | Should -Be (Get-TestDigest source unitdb)
            # As systemd stops it.
            kill -TERM $unit.Id
            $unit.WaitForExit(60000) | Should -BeTrue
            $unit.ExitCode | Should -Be 0
            (Get-MigrationStatus unit).State | Should -Be 'Stopped'
        } finally {
            if (-not $unit.HasExited) { $unit.Kill() }
        }

        Set-Content (Join-Path $folder 'broken.json') '{'
        $unit = Start-Unit dtsmigrate@.service -Instance broken
        $unit.WaitForExit(60000) | Should -BeTrue
        $prevented = (Get-Content (Join-Path $examples 'systemd/dtsmigrate@.service') | Where-Object { $_ -like 'RestartPreventExitStatus=*' }) -replace '.*=' -split ' '
        $unit.ExitCode | Should -BeIn $prevented
    }
}
