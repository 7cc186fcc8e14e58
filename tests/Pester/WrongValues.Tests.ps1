# For each parameter of each cmdlet a wrong value, made from what the parameter says of itself. A parameter that says nothing needs a line in $texts, or the test fails.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $script:parameters = foreach ($command in Get-Command -Module DtsMigrate | Where-Object Name -NE 'Invoke-MigrationWorker') {
        foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common) {
            @{ Command = $command; Parameter = $parameter; Label = "$($command.Name) -$($parameter.Name)" }
        }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:testHome = Enter-TestHome

    # Texts are judged by what they mean: a wrong one, and what the error says of what is allowed. `@` stands for the task or the connection.
    $script:texts = @{
        Name = 'no/such', 'letter|There is no|not found|not a'
        Source = 'no/such', 'letter|There is no'; Destination = 'no/such', 'letter|There is no'; Connection = 'no/such', 'letter|There is no'
        SourceServer = 'host:99999', '1 to 65535|host:port'; DestinationServer = 'host:99999', '1 to 65535|host:port'; Server = 'host:99999', '1 to 65535|host:port'
        SourceOtherHost = 'a b:x', 'host|db2'; DestinationOtherHost = 'a b:x', 'host|db2'; OtherHost = 'host:99999', '1 to 65535'; OnlineDdlShadow = '(', 'AdaptGhOst'; OnlineDdlTrash = '(', 'AdaptGhOst'
        Database = 'a.b.c', 'database'; Table = 'orders', 'database\.table'
        EnvironmentTag = ('x' * 33), '1 to 32'; Replica = 'a b:x', '10\.0\.0\.6:3306'
        AlertWebhook = 'nowhere', 'https'; AlertSmtpServer = 'mail:x', 'mail'; AlertMailFrom = 'nobody', '-AlertMailFrom: .*example'; AlertMailTo = 'nobody', '-AlertMailTo: .*example'
        Account = '', 'user@host|empty'
    }

    # Free texts: any is right where it is not empty, as what it names is looked up only when it is needed.
    $script:free = 'SourceUser', 'DestinationUser', 'User', 'SourcePasswordVariable', 'DestinationPasswordVariable', 'PasswordVariable', 'SourceSecretName', 'DestinationSecretName', 'SecretName', 'SourceVault',
    'DestinationVault', 'Vault', 'SourceDefaultsFile', 'DestinationDefaultsFile', 'DefaultsFile', 'SourceDefaultsGroup', 'DestinationDefaultsGroup', 'DefaultsGroup', 'SourceTlsCa', 'DestinationTlsCa',
    'TlsCa', 'Reason', 'Path', 'DefinitionPath', 'Ignore', 'Exclude', 'Phase', 'Check', 'Environment', 'DbListPath'
    # Empty takes these away, anything else is a name.
    $script:clearable = 'AlertCommand', 'AlertSmtpTlsCa', 'AlertSmtpUser', 'AlertSmtpPasswordVariable', 'AlertSmtpSecretName', 'AlertSmtpVault'

    function Get-ErrorText {
        # All that an error says: its words, its target and what it recommends.
        param($ErrorRecord)
        '{0} {1} {2} {3}' -f $ErrorRecord.Exception.Message, $ErrorRecord.ErrorDetails.Message, $ErrorRecord.ErrorDetails.RecommendedAction, $ErrorRecord.TargetObject
    }

    function Invoke-WithValue {
        # Calls the cmdlet with one value; gives its errors.
        param($Command, [string] $Name, $Value)
        $arguments = @{ $Name = $Value }
        if ($Command.Name -eq 'New-MigrationTask') {
            $whole = @{ Name = 'wrong'; SourceServer = 'a'; SourceUser = 'a'; DestinationServer = 'b'; DestinationUser = 'b'; Database = 'shop'; AlertMailFrom = 'a@b.c'; AlertMailTo = 'a@b.c'; AlertSmtpServer = 'm' }
            if ($Name -in 'Source', 'Destination') { $whole.Remove("${Name}Server"); $whole.Remove("${Name}User") }
            $arguments = $whole + @{}
            $arguments[$Name] = $Value
        } elseif ($Command.Parameters.ContainsKey('Name') -and $Name -ne 'Name') {
            $arguments.Name = 'wrong'
        }
        if ($Command.Name -eq 'Set-MigrationTask' -and $Name -like 'AlertMail*') {
            $arguments += @{ AlertSmtpServer = 'm' } + $(if ($Name -eq 'AlertMailTo') { @{ AlertMailFrom = 'a@b.c' } } else { @{ AlertMailTo = 'a@b.c' } })
        }
        # What has to be given as well, lest the shell asks for it.
        $needs = switch ($Command.Name) {
            'Approve-MigrationPrecheck' { @{ Check = 'BinlogRetention'; Reason = 'r' } }
            'Deny-MigrationPrecheck' { @{ Check = 'BinlogRetention' } }
            'Import-MigrationTask' { @{ Path = $definition; Name = 'imported'; Source = 'wrong'; Destination = 'wrong' } }
            'Get-MigrationObject' { @{ Connection = 'wrong' } }
            'New-MigrationConnection' { @{ User = 'a' } }
            'Set-MigrationTask' { if ($Name -eq 'AlertSmtpServer') { @{ AlertMailFrom = 'a@b.c'; AlertMailTo = 'a@b.c' } } else { @{} } }
            default { @{} }
        }
        foreach ($other in $needs.Keys | Where-Object { $_ -ne $Name }) { $arguments[$other] = $needs[$other] }
        if ($Command.Name -eq 'New-MigrationConnection' -and $Name -ne 'Server') { $arguments.Server = 'a' }
        if ($Command.Parameters.ContainsKey('WhatIf')) { $arguments.WhatIf = $true }
        $errors = $null
        try {
            $null = & $Command @arguments -ErrorVariable errors -ErrorAction SilentlyContinue -WarningAction SilentlyContinue 6>$null
        } catch {
            $errors = @($_) + @($errors)
        }
        @($errors) | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
    }

    $null = New-MigrationTask wrong -SourceServer a -SourceUser a -DestinationServer b -DestinationUser b -Database shop
    $null = New-MigrationConnection wrong a -User a
    $definition = Join-Path $TestDrive 'list.json'
    Set-Content $definition '{ "shop": { "name": "shop", "all": true } }'
}

AfterAll {
    Exit-TestHome $testHome
}

Describe '<Label>' -ForEach $parameters {
    It 'refuses a wrong value by its name, the value and what is allowed' {
        $type = $Parameter.ParameterType
        $type = $type.IsArray ? $type.GetElementType() : $type
        $type = [System.Nullable]::GetUnderlyingType($type) ?? $type
        $range = $Parameter.Attributes | Where-Object { $_.GetType().Name -eq 'AllowedRangeAttribute' }
        $isPattern = [bool]($Parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }) -or $Parameter.Name -eq 'Target'
        $set = $Parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ValidateSetAttribute] }
        $cases = if ($range) {
            foreach ($value in ($range.Maximum + 1), ($range.Minimum - 1)) {
                @{ Value = $value; Allowed = [regex]::Escape("$($range.Minimum) to $($range.Maximum)") }
            }
            @{ Value = 'many'; Allowed = 'many' }
        } elseif ($set) {
            @{ Value = 'no-such-word'; Allowed = $set.ValidValues -join ',\s*' }
        } elseif ($type.IsEnum) {
            @{ Value = 'no-such-word'; Allowed = [enum]::GetNames($type)[-1] }
        } elseif ($type -eq [switch]) {
            # The shell names parameter and type here, and not the value.
            @{ Value = 7, 8; Allowed = 'SwitchParameter' }
        } elseif ($type -in [datetime], [datetimeoffset], [timespan]) {
            @{ Value = 'no-such-time'; Allowed = 'no-such-time' }
        } elseif ($type -eq [pscredential]) {
            @{ Value = (Get-Date -Year 2001); Allowed = 'PSCredential|credential|userName' }
        } elseif ($type -eq [System.Collections.IDictionary]) {
            @{ Value = 'no-such-table'; Allowed = 'IDictionary' }
        } elseif ($Parameter.Name -ne 'Name' -and $isPattern) {
            @{ Value = ''; Allowed = 'empty' }
        } elseif ($type -ne [string]) {
            @{ Value = 'no-such-object'; Allowed = [regex]::Escape($type.Name) }
        } elseif ($Parameter.Name -in $free) {
            @{ Value = ''; Allowed = 'null or empty|empty' }
        } elseif ($Parameter.Name -in $clearable) {
            $null
        } elseif ($texts.ContainsKey($Parameter.Name)) {
            @{ Value = $texts[$Parameter.Name][0]; Allowed = $texts[$Parameter.Name][1] }
        } else {
            throw "-$($Parameter.Name) says nothing of what it takes: give it a range or a set, or a line in this file."
        }
        foreach ($case in $cases | Where-Object { $null -ne $_ }) {
            $value, $allowed = $case.Value, $case.Allowed
            $errors = @(Invoke-WithValue -Command $Command -Name $Parameter.Name -Value $value)
            $errors.Count | Should -BeGreaterThan 0 -Because "'$value' is wrong"
            $text = ($errors | ForEach-Object { Get-ErrorText $_ }) -join "`n"
            $text | Should -Match $allowed -Because 'what is allowed has to be told'
            # Addresses of alerts are never shown: they may have a key in them.
            if ($value -is [string] -and $value -and $Parameter.Name -notin 'AlertWebhook', 'AlertMailFrom', 'AlertMailTo') { $text | Should -Match ([regex]::Escape($value)) -Because 'the value has to be told' }
            if ($errors[0].FullyQualifiedErrorId -like 'Parameter*') { $text | Should -Match "'$($Parameter.Name)'" }
        }
    }
}
