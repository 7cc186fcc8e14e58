@{
    IncludeDefaultRules = $true
    ExcludeRules        = @(
        # Test output talks to a person at a console.
        'PSAvoidUsingWriteHost'
    )
    Rules               = @{
        PSUseConsistentIndentation       = @{ Enable = $true; IndentationSize = 4 }
        PSUseConsistentWhitespace        = @{ Enable = $true; IgnoreAssignmentOperatorInsideHashTable = $true }
        PSPlaceOpenBrace                 = @{ Enable = $true }
        PSPlaceCloseBrace                = @{ Enable = $true; NewLineAfter = $false }
        PSAvoidUsingPositionalParameters = @{ Enable = $true }
    }
}
