#Requires -Version 7.6
#Requires -Modules DtsMigrate
<#
.SYNOPSIS
    Status of all migrations for a monitoring system: one JSON object per task, exit code 1 when one needs a hand.
.EXAMPLE
    ./status-report.ps1 -MaximumLagSeconds 60
#>
[CmdletBinding()]
param(
    # Lag that is still fine.
    [double] $MaximumLagSeconds = 300
)

$needsHand = $false
foreach ($status in Get-MigrationStatus) {
    $problem = if ($status.State -in 'Failed', 'PrecheckFailed', 'Interrupted', 'Retrying') {
        $status.Message
    } elseif ($status.LagSeconds -gt $MaximumLagSeconds) {
        "The lag is $([Math]::Round($status.LagSeconds)) s."
    }
    $needsHand = $needsHand -or $problem
    $status | Select-Object Name, State, Percent, RowsCopied, ChangesApplied, LagSeconds, @{ Name = 'Problem'; Expression = { $problem } } |
        ConvertTo-Json -Compress
}
exit [int]$needsHand
