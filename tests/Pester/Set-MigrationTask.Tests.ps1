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

Describe 'Set-MigrationTask' {
    It 'changes what it names and leaves the rest' {
        $null = New-MigrationTask rest @nowhere -FullRowsPerSecond 100 -IncrementalRowsPerSecond 50
        $task = Set-MigrationTask rest -FullQueriesPerSecond 7 -FullRowsPerSecond 0 -PassThru
        $task.Throttle | Should -Be 'full 7 queries/s; incremental 50 rows/s'
        $throttle = (Get-Content $task.Path -Raw | ConvertFrom-Json).options.throttle
        $throttle.fullQueriesPerSecond, $throttle.fullRowsPerSecond, $throttle.incrementalRowsPerSecond | Should -Be 7, 0, 50
    }

    It 'gives nothing without -PassThru, and changes nothing with -WhatIf' {
        $null = New-MigrationTask quiet @nowhere -FullRowsPerSecond 100
        Set-MigrationTask quiet -FullMegabytesPerSecond 5 -WhatIf | Should -BeNullOrEmpty
        Set-MigrationTask quiet -IncrementalMegabytesPerSecond 6 | Should -BeNullOrEmpty
        (Set-MigrationTask quiet -FullRowsPerSecond 100 -PassThru).Throttle | Should -Be 'full 100 rows/s; incremental 6 MB/s'
    }

    It 'has an error for <Case>' -ForEach @(
        @{ Case = 'a name without a task'; Id = 'TaskNotFound'; More = @{ Name = 'none'; FullRowsPerSecond = 1 } }
        @{ Case = 'nothing to change'; Id = 'NothingToChange'; More = @{ Name = 'wrong' } }
        @{ Case = 'a limit out of range'; Id = 'ParameterArgumentValidationError'; More = @{ Name = 'wrong'; FullRowsPerSecond = -1 } }
        @{ Case = 'a value that does not go with another'; Id = 'TaskDefinitionInvalid'; More = @{ Name = 'wrong'; RetryOtherIssuesMinutes = 1440 } }
        @{ Case = 'a credential of another account'; Id = 'CredentialUserMismatch'; More = @{ Name = 'wrong'; SourceUser = 'other'; SourceCredential = [pscredential]::new('dts', [securestring]::new()) } }
    ) {
        $null = New-MigrationTask wrong @nowhere -Force
        { Set-MigrationTask @More -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'changes servers, accounts, objects and options of a task that was never started, and leaves the rest' {
        $null = New-MigrationTask wide @nowhere -CopyThreads 4 -AlertOnFailure -AlertCommand /bin/true -SourcePasswordVariable SRC_PW
        $null = Set-MigrationTask wide -SourceServer c:3307 -DestinationUser loader -DestinationPasswordVariable DST_PW -Database crm -Map @{ crm = 'crm2' } -ChunkBytes 8MB -Heartbeat -AlertLagSeconds 30
        $definition = Export-MigrationTask wide | ConvertFrom-Json -AsHashtable
        $definition.source.host, $definition.source.port, $definition.source.user, $definition.source.password.env | Should -Be 'c', 3307, 'a', 'SRC_PW'
        $definition.destination.user, $definition.destination.password.env | Should -Be 'loader', 'DST_PW'
        $definition.objects.Keys, $definition.objects.crm.to | Should -Be 'crm', 'crm2'
        $definition.options.copyThreads, $definition.options.chunkBytes, $definition.options.heartbeat | Should -Be 4, 8388608, $true
        $definition.options.alerts.onFailure, $definition.options.alerts.lagSeconds | Should -Be $true, 30

        $null = Set-MigrationTask wide -Heartbeat:$false -Option @{ CopyThreads = $null } -AlertCommand '' -Account @()
        $definition = Export-MigrationTask wide | ConvertFrom-Json -AsHashtable
        $definition.options.heartbeat, $definition.options.copyThreads, $definition.options.alerts.command | Should -Be $false, $null, $null
    }

    It 'puts one place of the mail account''s password for another, and takes the account away' {
        $null = New-MigrationTask mailer @nowhere -AlertOnFailure -AlertSmtpServer mail:587 -AlertMailFrom a@b.c -AlertMailTo a@b.c -AlertSmtpUser u -AlertSmtpSecretName s -AlertSmtpVault v
        Set-MigrationTask mailer -AlertSmtpPasswordVariable MAIL_PW
        $alerts = (Export-MigrationTask mailer | ConvertFrom-Json).options.alerts
        $alerts.smtpPassword.env, $alerts.smtpPassword.secret, $alerts.smtpUser | Should -Be 'MAIL_PW', $null, 'u'
        Set-MigrationTask mailer -AlertSmtpUser ''
        $alerts = (Export-MigrationTask mailer | ConvertFrom-Json).options.alerts
        $alerts.smtpPassword, $alerts.smtpUser, $alerts.smtpServer | Should -Be $null, $null, 'mail:587'
    }

    It 'says with -WhatIf which members would change' {
        $null = New-MigrationTask members @nowhere
        $text = pwsh -NoProfile -NonInteractive -Command "Import-Module '$(Get-ModuleManifestPath)'; Set-MigrationTask members -CopyThreads 3 -SourceTls Required -WhatIf" | Out-String
        $text | Should -Match 'Change options\.copyThreads, source\.tls'
    }

    It 'takes tasks from the pipeline and by pattern' {
        'many1', 'many2' | ForEach-Object { New-MigrationTask $_ @nowhere } | Set-MigrationTask -FullRowsPerSecond 3 -PassThru | ForEach-Object Throttle |
            Should -Be 'full 3 rows/s', 'full 3 rows/s'
        (Set-MigrationTask many* -FullRowsPerSecond 4 -PassThru).Throttle | Should -Be 'full 4 rows/s', 'full 4 rows/s'
    }

    Context 'with two servers' -Skip:(-not $hasServers) {
        It 'changes a running task within two seconds' {
            $sides = Initialize-TestAccount
            New-TestDatabase live -Rows 500
            $null = New-MigrationTask live @sides -Database live -FullRowsPerSecond 1
            $null = Start-TestMigration live -NoWait
            Wait-Until 'the limit to be felt' { (Get-MigrationStatus live).ThrottleReason }

            # Whatever else: not while it runs. Nothing of such a change is made.
            $errors = $null
            Set-MigrationTask live -CopyThreads 9 -FullRowsPerSecond 2 -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors[0].FullyQualifiedErrorId | Should -BeLike 'MemberFixed,*'
            $errors[0].ErrorDetails.Message | Should -Match 'FullCopy: options\.copyThreads cannot change'
            $errors[0].ErrorDetails.RecommendedAction | Should -Match 'Stop-Migration live'
            (Get-Content (Get-MigrationTask live).Path -Raw | ConvertFrom-Json).options.throttle.fullRowsPerSecond | Should -Be 1
            (Get-MigrationStatus live).FullRowsPerSecondLimit | Should -Be 1
            Set-MigrationTask live -FullRowsPerSecond 0
            Wait-Until 'the stream to keep up' { (Get-MigrationStatus live).State -eq 'Replicating' }

            # A state shows at once, the numbers with the next second's status.
            Wait-Until 'the limit to be gone' { $status = Get-MigrationStatus live; -not $status.FullRowsPerSecondLimit -and -not $status.ThrottleReason }
            Stop-Migration live -Wait
            Get-TestDigest destination live | Should -Be (Get-TestDigest source live)

            # At rest: options and hosts may, objects may not.
            { Set-MigrationTask live -Database other -ErrorAction Stop } | Should -Throw -ErrorId 'MemberFixed,*' -ExpectedMessage '*Stopped: objects.*cannot change*'
            Set-MigrationTask live -CopyThreads 9
            (Start-Migration live -Until CaughtUp -InProcess).State | Should -Be 'Stopped'
            (Get-MigrationTask live).Name | Should -Be 'live'
            (Export-MigrationTask live | ConvertFrom-Json).options.copyThreads | Should -Be 9
        }

        It 'has a new limit hold within two seconds, by the times of the status, for full and for incremental data migration' {
            $sides = Initialize-TestAccount
            New-TestDatabase paced -Rows 1600
            # Rows count once their chunk is committed: eight of these are a chunk.
            Invoke-TestSql source "CREATE TABLE paced.wide (id INT AUTO_INCREMENT PRIMARY KEY, t LONGTEXT); INSERT INTO paced.wide (t) SELECT REPEAT('w', 131072) FROM paced.customer LIMIT 240; ANALYZE TABLE paced.wide" | Out-Null
            $null = New-MigrationTask paced @sides -Table paced.wide, paced.customer -CopyThreads 1 -ChunkBytes 1MB -FullRowsPerSecond 40 -IncrementalRowsPerSecond 20

            function Get-Rate {
                # What was done a second, from the first status two seconds after a moment on, for two seconds more.
                param([string] $Property, [DateTimeOffset] $Changed)
                $effective = $Changed.AddSeconds(2)
                Wait-Until 'two seconds' { $script:first = Get-MigrationStatus paced; $script:first.UpdatedAt -ge $effective }
                Wait-Until 'two seconds more' { $script:last = Get-MigrationStatus paced; $script:last.UpdatedAt -ge $script:first.UpdatedAt.AddSeconds(2) }
                ($script:last.$Property - $script:first.$Property) / ($script:last.UpdatedAt - $script:first.UpdatedAt).TotalSeconds
            }

            $null = Start-TestMigration paced -NoWait
            Wait-Until 'the limit to be felt' { (Get-MigrationStatus paced).ThrottleReason }
            Set-MigrationTask paced -FullRowsPerSecond 80
            Wait-Until 'the copy of the wide table' { (Get-MigrationTableStatus paced paced.wide).Rows -gt 16 }
            $changed = [DateTimeOffset]::UtcNow
            Set-MigrationTask paced -FullRowsPerSecond 16
            $rate = Get-Rate RowsCopied $changed
            $last.FullRowsPerSecondLimit, $last.State | Should -Be 16, 'FullCopy'
            Write-Host "      full: $rate rows/s"
            $rate | Should -BeGreaterThan 9
            $rate | Should -BeLessThan 23
            Set-MigrationTask paced -FullRowsPerSecond 0

            # More changes than the old limit would let through in a minute, each a transaction.
            Wait-Until 'the stream to keep up' { (Get-MigrationStatus paced).State -eq 'Replicating' }
            Invoke-TestSql source ('SET autocommit = 1; ' + ((1..1600 | ForEach-Object { "UPDATE paced.customer SET score = $_ WHERE id = $_;" }) -join ' '))
            Wait-Until 'the limit to be felt' { (Get-MigrationStatus paced).ThrottleReason }
            $changed = [DateTimeOffset]::UtcNow
            Set-MigrationTask paced -IncrementalRowsPerSecond 200
            $rate = Get-Rate ChangesApplied $changed
            $last.IncrementalRowsPerSecondLimit | Should -Be 200
            Write-Host "      incremental: $rate rows/s"
            $rate | Should -BeGreaterThan 120
            $rate | Should -BeLessThan 280
            Set-MigrationTask paced -IncrementalRowsPerSecond 0
            Wait-Until 'the rest' { (Invoke-TestSql destination 'SELECT score FROM paced.customer WHERE id = 1600') -eq 1600 }
            Stop-Migration paced -Wait
            Invoke-TestSql destination 'SELECT SUM(score * id) FROM paced.customer' | Should -Be (Invoke-TestSql source 'SELECT SUM(score * id) FROM paced.customer')
        }
    }
}
