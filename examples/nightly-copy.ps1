#Requires -Version 7.6
#Requires -Modules DtsMigrate
<#
.SYNOPSIS
    Copies databases anew each night, for example from production to a server for reports. For cron, a systemd timer or a scheduled task.
.DESCRIPTION
    The first night defines a task of schema migration and full data migration and runs it; every other night drops what the task has made and does it all again.
    A copy that was interrupted goes on where it was. The connections must say where their passwords are: there is nobody to ask.
    Gives the status; writes a report where a folder is given. Exit code 0: copied; 3: the precheck blocks, with the failed checks as output; 4: it
    failed, or the copy of the night before is still at work.
.EXAMPLE
    0 2 * * * pwsh -NoProfile -File /opt/dtsmigrate/examples/nightly-copy.ps1 -Source prod -Destination reports -Database shop,crm -ReportPath /var/reports
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Connection of the source.
    [Parameter(Mandatory)]
    [string] $Source,

    # Connection of the destination.
    [Parameter(Mandatory)]
    [string] $Destination,

    # Databases; also as one text with commas, as pwsh -File hands them over.
    [Parameter(Mandatory)]
    [string[]] $Database,

    # Name of the task.
    [string] $Name = 'nightly',

    # Folder of the reports, one for each day.
    [string] $ReportPath
)

$ErrorActionPreference = 'Stop'
if (-not $PSCmdlet.ShouldProcess("$Source -> $Destination", "Copy $Database")) {
    return
}
try {
    $before = Get-MigrationStatus | Where-Object Name -EQ $Name
    if (-not $before) {
        $null = New-MigrationTask $Name -Source $Source -Destination $Destination -Database ($Database -split ',') -MigrationType Schema, Full
        $status = Start-Migration $Name -InProcess
    } elseif ($before.State -eq 'Completed') {
        $status = Restart-Migration $Name -InProcess -Confirm:$false
    } else {
        # A run that was cut off goes on; one that still works is an error.
        $status = Start-Migration $Name -InProcess
    }
    if ($ReportPath) {
        $null = New-MigrationReport $Name (Join-Path $ReportPath ('{0}-{1:yyyy-MM-dd}.html' -f $Name, (Get-Date))) -Force
    }
} catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    if ($_.FullyQualifiedErrorId -like 'PrecheckBlocked,*') {
        Test-MigrationPrecheck $Name | Where-Object Outcome -EQ Failed
        exit 3
    }
    exit 4
}
$status
exit ($status.State -eq 'Completed' ? 0 : 4)
