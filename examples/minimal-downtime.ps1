#Requires -Version 7.6
#Requires -Modules DtsMigrate
<#
.SYNOPSIS
    Migrates databases between two named connections and stops when the destination follows the source: the moment to switch over with little downtime.
.DESCRIPTION
    Leaves the migration running, so that the destination keeps up until the applications have been stopped; then stop it with Stop-Migration -Wait.
    Gives the status and writes a report into the current folder.
.EXAMPLE
    ./minimal-downtime.ps1 -Name shop -Source prod -Destination cloud -Database shop, crm
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Name of the task.
    [Parameter(Mandatory)]
    [string] $Name,

    # Connection of the source.
    [Parameter(Mandatory)]
    [string] $Source,

    # Connection of the destination.
    [Parameter(Mandatory)]
    [string] $Destination,

    # Databases.
    [Parameter(Mandatory)]
    [string[]] $Database,

    # Longest wait in seconds.
    [ValidateRange(1, 2592000)]
    [int] $Timeout = 86400,

    # Folder of the report.
    [string] $ReportPath = '.'
)

$ErrorActionPreference = 'Stop'
if ($PSCmdlet.ShouldProcess("$Source -> $Destination", "Migrate $Database")) {
    $null = New-MigrationTask $Name -Source $Source -Destination $Destination -Database $Database
    $failed = Test-MigrationPrecheck $Name | Where-Object Outcome -EQ Failed
    if ($failed) {
        $failed
        throw "The precheck of '$Name' failed."
    }
    Start-Migration $Name -Confirm:$false | Wait-Migration -Until CaughtUp -Timeout $Timeout
    $null = New-MigrationReport $Name $ReportPath -Force
}
