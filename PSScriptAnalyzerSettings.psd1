@{
    IncludeDefaultRules = $true
    ExcludeRules        = @(
        # Test output talks to a person at a console.
        'PSAvoidUsingWriteHost'
        # Pester's blocks share variables in a way that the rule does not see.
        'PSUseDeclaredVarsMoreThanAssignments'
    )
    Rules               = @{
        PSUseConsistentIndentation       = @{ Enable = $true; IndentationSize = 4 }
        PSUseConsistentWhitespace        = @{ Enable = $true; IgnoreAssignmentOperatorInsideHashTable = $true }
        PSPlaceOpenBrace                 = @{ Enable = $true }
        PSPlaceCloseBrace                = @{ Enable = $true; NewLineAfter = $false }
        PSAvoidUsingPositionalParameters = @{ Enable = $true; CommandAllowList = @('Join-Path', 'Write-Type', 'Write-Parameter', 'Where-Object') }
    }
}
