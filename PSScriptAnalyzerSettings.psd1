@{
    IncludeDefaultRules = $true
    Rules               = @{
        PSUseConsistentIndentation = @{ Enable = $true; IndentationSize = 4 }
        PSUseConsistentWhitespace  = @{ Enable = $true }
        PSPlaceOpenBrace           = @{ Enable = $true }
        PSPlaceCloseBrace          = @{ Enable = $true; NewLineAfter = $true }
        PSAvoidUsingWriteHost      = @{ Enable = $false }
    }
    # Build script, examples and test output talk to a person at a console.
    ExcludeRules        = @('PSAvoidUsingWriteHost')
}
