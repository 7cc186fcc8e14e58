BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome
    $script:sides = @{
        SourceServer                = 'db1:3307'
        SourceCredential            = New-TestCredential dts 'clear-Text-42'
        DestinationServer           = 'db2'
        DestinationUser             = 'loader'
        DestinationPasswordVariable = 'DST_PW'
    }
}

AfterAll {
    Exit-TestHome $testHome
}

Describe 'New-MigrationTask' {
    It 'writes a definition that names servers, accounts and objects' {
        $task = New-MigrationTask basic @sides -Database shop -Table crm.client -Option @{ CopyThreads = 8 }
        $task.Name | Should -Be 'basic'
        $task.State | Should -Be 'Created'
        $task.Source | Should -Be 'dts@db1:3307'
        $task.Destination | Should -Be 'loader@db2:3306'
        $definition = Get-Content $task.Path -Raw | ConvertFrom-Json -AsHashtable
        $definition.source.port | Should -Be 3307
        $definition.destination.password.env | Should -Be 'DST_PW'
        $definition.objects.shop.all | Should -BeTrue
        $definition.objects.crm.tables.Keys | Should -Be 'client'
        $definition.options.copyThreads | Should -Be 8
        $definition.migrationTypes | Should -Be 'Schema', 'Full', 'Incremental'
    }

    It 'takes size, throttle and destination tuning by parameters of their own' {
        $task = New-MigrationTask sized @sides -Database shop -Size 2xlarge -FullRowsPerSecond 5 -DestinationTuning relaxedflush -Option @{
            Throttle = @{ IncrementalRowsPerSecond = 6 }; LoadLimits = @{ ThreadsRunning = 30 }
        }
        $options = (Get-Content $task.Path -Raw | ConvertFrom-Json).options
        $options.size | Should -Be '2XLarge'
        $options.throttle.fullRowsPerSecond, $options.throttle.incrementalRowsPerSecond | Should -Be 5, 6
        $options.destinationTuning | Should -Be 'RelaxedFlush'
        $options.loadLimits.threadsRunning | Should -Be 30
        $task.Throttle | Should -Be 'full 5 rows/s; incremental 6 rows/s'
    }

    It 'has a parameter for every member of a definition' {
        $schema = Get-Content (Join-Path $PSScriptRoot '../../docs/task.schema.json') -Raw | ConvertFrom-Json -AsHashtable
        function Get-Leaf {
            # Paths of what a definition may hold, as parameters name them.
            param($Node, [string] $Path)
            if ($Node.'$ref') { $Node = $schema.'$defs'[($Node.'$ref' -split '/')[-1]] }
            if ($Node.properties) {
                foreach ($name in $Node.properties.Keys) { Get-Leaf $Node.properties[$name] ("$Path.$name".Trim('.')) }
            } elseif ($Node.additionalProperties -is [hashtable]) {
                Get-Leaf $Node.additionalProperties $Path
            } else {
                $Path
            }
        }
        $leaves = Get-Leaf $schema '' | Sort-Object -Unique
        $leaves | Should -Contain 'options.throttle.fullRowsPerSecond' -Because 'the schema has to be read'
        # The format's version is no choice.
        $expected = $leaves | Where-Object { $_ -ne 'version' }
        $type = (Get-Command New-MigrationTask).ImplementingType
        $members = $type.GetProperties() | ForEach-Object { $_.GetCustomAttributes($true) } | Where-Object { $_.GetType().Name -eq 'TaskMemberAttribute' } | ForEach-Object Path
        $expected | Where-Object { $_ -notin $members } | Should -BeNullOrEmpty
        $members | Where-Object { $_ -notin $leaves -and $_ -notin 'source', 'destination', 'objects', 'objects.tables', 'options.alerts' } | Should -BeNullOrEmpty
    }

    It 'has the defaults and the range of each number in its help' {
        $schema = Get-Content (Join-Path $PSScriptRoot '../../docs/task.schema.json') -Raw | ConvertFrom-Json -AsHashtable
        $numbers = foreach ($property in (Get-Command New-MigrationTask).ImplementingType.GetProperties()) {
            $member = $property.GetCustomAttributes($true) | Where-Object { $_.GetType().Name -eq 'TaskMemberAttribute' } | Select-Object -First 1
            $range = $property.GetCustomAttributes($true) | Where-Object { $_.GetType().Name -eq 'AllowedRangeAttribute' }
            if ($range) { [pscustomobject]@{ Name = $property.Name; Path = $member.Path -split '\.'; Range = $range } }
        }
        $numbers.Count | Should -BeGreaterThan 15
        foreach ($number in $numbers) {
            $group = $number.Path.Count -eq 3 ? $schema.'$defs'[$number.Path[1]] : $schema.'$defs'.options
            $entry = $group.properties[$number.Path[-1]]
            $number.Range.Minimum, $number.Range.Maximum | Should -Be $entry.minimum, $entry.maximum -Because $number.Name
            $words = (Get-Help New-MigrationTask -Parameter $number.Name).description.Text -join ' '
            $words | Should -Match "\b$($entry.minimum) to $($entry.maximum)\b" -Because "-$($number.Name)"
        }
    }

    It 'takes every option by a parameter of its own' {
        $given = @{
            RetryFailedConnectionsMinutes = 60; RetryOtherIssuesMinutes = 5; AutoRecoveryDays = 7; Size = 'xlarge'; CopyThreads = 8; ChunkBytes = 32MB; LateIndexes = 'Never'
            ApplyMode = 'TransactionPreserving'; DdlFailure = 'Skip'; GeneratedColumns = 'Recompute'; OnlineDdl = 'AdaptGhOst'; OnlineDdlShadow = '^_(.+)_gho$'; OnlineDdlTrash = '^_(.+)_(?:ghc|del)$'; BinlogSpoolMegabytes = 512; ReplicaServerId = 4294967295; Heartbeat = $true; SkipDestinationBinlog = $true
            CollationMap = @{ utf8mb4_0900_ai_ci = 'utf8mb4_unicode_ci' }; MigrationAssessment = $true; Capitalization = 'SameAsSource'; DefinerMode = 'Keep'; TriggerMethod = 'Automatic'; ExcludeEvent = $true; DestinationTuning = 'RelaxedFlush', 'RedoLogOff'; RequireApproval = $true; EnvironmentTag = 'test'
            MaxThreadsRunning = 30; MaxReplicaLagSeconds = 5; Replica = 'db3:3306'; MaxHistoryLength = 1000000; MaxDestinationThreadsRunning = 40; MaxDestinationRedoPercent = 80
            AlertOnFailure = $true; AlertLagSeconds = 60; AlertFullMigrationMinutes = 90; AlertWebhook = 'https://hooks.example/x'; AlertCommand = '/bin/true'
            AlertSmtpServer = 'mail.example:587'; AlertMailFrom = 'dts@example.org'; AlertMailTo = 'a@example.org, b@example.org'
            AlertSmtpTls = 'StartTls'; AlertSmtpTlsCa = 'mail-ca.pem'; AlertSmtpUser = 'mailer'; AlertSmtpSecretName = 'mail'; AlertSmtpVault = 'ops'
            Account = 'app@%'; ConflictMode = 'PrecheckAndReportErrors'; SourceOtherHost = 'db5'; DestinationOtherHost = 'db3', 'db4:3307'
        }
        $task = New-MigrationTask whole @sides -Database shop @given
        $definition = Get-Content $task.Path -Raw | ConvertFrom-Json
        $options = $definition.options
        $options.chunkBytes, $options.size, $options.applyMode, $options.ddlFailure, $options.generatedColumns | Should -Be 33554432, 'XLarge', 'TransactionPreserving', 'Skip', 'Recompute'
        $options.destinationBinlog, $options.migrateEvents, $options.heartbeat, $options.requireApprovals | Should -Be $false, $false, $true, $true
        $options.destinationTuning | Should -Be 'RelaxedFlush', 'RedoLogOff'
        $options.loadLimits.replica, $options.loadLimits.destinationRedoPercent | Should -Be 'db3:3306', 80
        $options.alerts.lagSeconds, $options.alerts.smtpServer | Should -Be 60, 'mail.example:587'
        $options.alerts.smtpTls, $options.alerts.smtpPassword.secret, $options.alerts.smtpPassword.vault | Should -Be 'StartTls', 'mail', 'ops'
        $options.alerts.smtpTlsCa | Should -Be (Join-Path (Get-Location) 'mail-ca.pem')
        $options.collationMap.utf8mb4_0900_ai_ci, $options.migrationAssessment, $options.capitalization | Should -Be 'utf8mb4_unicode_ci', $true, 'SameAsSource'
        $options.replicaServerId | Should -Be 4294967295
        $options.onlineDdl, $options.onlineDdlShadow, $options.onlineDdlTrash | Should -Be 'AdaptGhOst', '^_(.+)_gho$', '^_(.+)_(?:ghc|del)$'
        $definition.accounts, $definition.conflictMode, $definition.source.otherHosts, $definition.destination.otherHosts | Should -Be 'app@%', 'PrecheckAndReportErrors', 'db5', 'db3,db4:3307'
    }

    It 'takes kinds of DML and DDL, for the task and for single objects' {
        $null = New-MigrationTask kinds @sides -Database shop -Table crm.client -Dml insert, Update -Ddl AlterTable, CreateIndex -DmlOf @{ 'shop.log' = 'Insert'; 'crm.client' = @() } -DdlOf @{ shop = 'AlterTable' }
        $definition = Export-MigrationTask kinds | ConvertFrom-Json
        @($definition.dml) + @($definition.ddl) | Should -Be 'Insert', 'Update', 'AlterTable', 'CreateIndex'
        $definition.objects.shop.tables.log.dml, $definition.objects.shop.ddl | Should -Be 'Insert', 'AlterTable'
        @($definition.objects.crm.tables.client.dml).Count | Should -Be 0
        { New-MigrationTask kinds2 @sides -Database shop -DmlOf @{ 'other.log' = 'Insert' } -ErrorAction Stop } | Should -Throw -ErrorId 'OperationInvalid,*'
    }

    It 'lays parameters over a definition file' {
        $first = New-MigrationTask base @sides -Database shop -CopyThreads 8 -Heartbeat -AlertOnFailure -AlertCommand /bin/true
        $task = New-MigrationTask -Name layered -DefinitionPath $first.Path -DestinationServer db9:3309 -CopyThreads 16 -Heartbeat:$false -AlertLagSeconds 30 -Database other
        $definition = Get-Content $task.Path -Raw | ConvertFrom-Json -AsHashtable
        $definition.destination.host, $definition.destination.port, $definition.destination.user | Should -Be 'db9', 3309, 'loader'
        $definition.options.copyThreads, $definition.options.heartbeat | Should -Be 16, $false
        $definition.options.alerts.onFailure, $definition.options.alerts.lagSeconds | Should -Be $true, 30
        $definition.objects.Keys | Should -Be 'other'
    }

    It 'names the parameter of a faulty member' {
        $errors = $null
        New-MigrationTask named @sides -Database shop -AlertLagSeconds 5 -AlertSmtpServer 'mail:x' -AlertMailFrom 'a@b' -AlertMailTo 'c@d' -EnvironmentTag ('x' * 40) `
            -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.ErrorDetails.Message -match '^-AlertSmtpServer: ' | Should -Not -BeNullOrEmpty
        $errors.ErrorDetails.Message -match '^-EnvironmentTag: ' | Should -Not -BeNullOrEmpty
    }

    It 'writes no password, and makes the folder private' {
        $task = New-MigrationTask secretive @sides -Database shop
        Get-ChildItem (Split-Path $task.Path) -Recurse -File | Get-Content -Raw | Should -Not -Match 'clear-Text-42'
        $task | ConvertTo-Json -Depth 5 | Should -Not -Match 'clear-Text-42'
        if (-not $IsWindows) {
            [int][IO.File]::GetUnixFileMode((Split-Path $task.Path)) | Should -Be 0x1C0 # 0700
        }
    }

    It 'gives databases and tables new names' {
        $task = New-MigrationTask mapped @sides -Database shop -Table crm.client, crm.orders -Map @{ 'shop' = 'sales'; 'crm.client' = 'crm_v2.customer'; 'shop.a' = 'b' }
        $task.Objects | Should -Be 'crm.client -> crm_v2.customer', 'crm.orders -> crm_v2.orders', 'shop -> sales', 'shop.a -> sales.b'
    }

    It 'takes names with dots in backticks' {
        (New-MigrationTask dotted @sides -Table 'shop.`order.2024`').Objects | Should -Be 'shop.order.2024'
    }

    It 'refuses <Case> as <Id>' -ForEach @(
        @{ Case = 'a map entry that names nothing'; Id = 'MapInvalid'; More = @{ Database = 'shop'; Map = @{ shpo = 'sales' } } }
        @{ Case = 'a map that tears a database apart'; Id = 'MapInvalid'; More = @{ Database = 'crm'; Map = @{ 'crm.client' = 'other.client' } } }
        @{ Case = 'a database mapped to a table'; Id = 'MapInvalid'; More = @{ Database = 'crm'; Map = @{ crm = 'a.b' } } }
        @{ Case = 'a table without its database'; Id = 'TableNameInvalid'; More = @{ Table = 'orders' } }
        @{ Case = 'no objects'; Id = 'TaskDefinitionInvalid'; More = @{} }
        @{ Case = 'an unknown option'; Id = 'TaskDefinitionInvalid'; More = @{ Database = 'shop'; Option = @{ CopyThreds = 8 } } }
        @{ Case = 'a throttle out of range'; Id = 'TaskDefinitionInvalid'; More = @{ Database = 'shop'; Option = @{ Throttle = @{ FullRowsPerSecond = -1 } } } }
        @{ Case = 'a webhook that is none'; Id = 'TaskDefinitionInvalid'; More = @{ Database = 'shop'; AlertWebhook = 'nowhere' } }
        @{ Case = 'an option out of range'; Id = 'TaskDefinitionInvalid'; More = @{ Database = 'shop'; Option = @{ CopyThreads = 999 } } }
        @{ Case = 'an option of an odd kind'; Id = 'OptionInvalid'; More = @{ Database = 'shop'; Option = @{ CopyThreads = Get-Date } } }
        @{ Case = 'two ways to one password'; Id = 'PasswordAmbiguous'; More = @{ Database = 'shop'; DestinationNoPassword = $true } }
        @{ Case = 'a vault without a secret'; Id = 'PasswordAmbiguous'; More = @{ Database = 'shop'; SourceVault = 'v' } }
        @{ Case = 'a credential of another user'; Id = 'CredentialUserMismatch'; More = @{ Database = 'shop'; SourceUser = 'somebody' } }
    ) {
        $errors = $null
        New-MigrationTask refused @sides @More -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -Be "$Id,DtsMigrate.PowerShell.Commands.NewMigrationTaskCommand"
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Join-Path $testHome 'refused' | Should -Not -Exist
    }

    It 'refuses the server <Server>' -ForEach @('a:99999', ':3306', 'a:b', '[::1', 'a:' | ForEach-Object { @{ Server = $_ } }) {
        { New-MigrationTask refused -SourceServer $Server -SourceUser a -DestinationServer b -DestinationUser b -Database shop -ErrorAction Stop } |
            Should -Throw -ErrorId 'ServerAddressInvalid,*'
    }

    It 'takes IPv6 addresses with and without a port' {
        (New-MigrationTask six -SourceServer '[::1]:3307' -SourceUser a -DestinationServer '::1' -DestinationUser b -Database shop).Source | Should -Be 'a@[::1]:3307'
    }

    It 'names every fault of a definition, each with its remedy' {
        $errors = $null
        New-MigrationTask faults @sides -Database shop -Option @{ CopyThreads = 999; Foo = 1 } -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.TargetObject | Should -Be '$.options.foo', '$.options.copyThreads'
        $errors.CategoryInfo.Category | Should -Be 'InvalidData', 'InvalidData'
    }

    It 'does not replace a task unless forced' {
        $null = New-MigrationTask twice @sides -Database shop
        { New-MigrationTask twice @sides -Database other -ErrorAction Stop } | Should -Throw -ErrorId 'TaskExists,*'
        (New-MigrationTask twice @sides -Database other -Force).Objects | Should -Be 'other'
    }

    It 'changes nothing with -WhatIf' {
        New-MigrationTask unreal @sides -Database shop -WhatIf | Should -BeNullOrEmpty
        Join-Path $testHome 'unreal' | Should -Not -Exist
    }

    It 'takes over a definition file, from the pipeline and under another name' {
        $first = New-MigrationTask original @sides -Database shop
        (Get-Item $first.Path | New-MigrationTask -Name copied).Objects | Should -Be 'shop'
        (New-MigrationTask -DefinitionPath $first.Path -Force).Name | Should -Be 'original'
    }

    It 'says which file cannot be read' {
        { New-MigrationTask -DefinitionPath (Join-Path $testHome 'none.json') -ErrorAction Stop } | Should -Throw -ErrorId 'TaskFileUnreadable,*'
    }

    It 'stores paths in full' {
        Push-Location $TestDrive
        $task = New-MigrationTask paths -SourceServer a -SourceUser a -SourceDefaultsFile my.cnf -SourceTlsCa ca.pem -SourceTls VerifyCA -DestinationServer b -DestinationUser b -Database shop
        Pop-Location
        $source = (Get-Content $task.Path -Raw | ConvertFrom-Json).source
        $source.password.optionFile | Should -Be (Join-Path (Get-Item $TestDrive).FullName 'my.cnf')
        $source.tlsCa | Should -Be (Join-Path (Get-Item $TestDrive).FullName 'ca.pem')
    }

    It 'takes alerts, and names what is wrong with them' {
        $side = @{ SourceServer = 'a'; SourceUser = 'a'; DestinationServer = 'b'; DestinationUser = 'b'; Database = 'shop' }
        $null = New-MigrationTask alerts @side -Alert @{ OnFailure = $true; LagSeconds = 60; Webhook = 'https://hooks.example/x' }
        (Export-MigrationTask alerts | ConvertFrom-Json).options.alerts.lagSeconds | Should -Be 60
        $errors = $null
        New-MigrationTask wrongalerts @side -Alert @{ LagSeconds = -1; MailTo = 'a' } -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors.TargetObject | Should -Be '$.options.alerts.lagSeconds', '$.options.alerts.smtpServer'
    }

    It 'takes a group of an option file' {
        $null = New-MigrationTask grouped -SourceServer a -SourceUser a -SourceDefaultsFile /etc/my.cnf -SourceDefaultsGroup ops -DestinationServer b -DestinationUser b -Database shop
        (Export-MigrationTask grouped | ConvertFrom-Json).source.password.group | Should -Be 'ops'
    }
}
