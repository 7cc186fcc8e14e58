#Requires -Version 7.6
#Requires -Modules DtsMigrate
<#
.SYNOPSIS
    Migrates databases between two named connections and switches over once the destination follows the source, so that the applications rest for seconds.
.DESCRIPTION
    Runs the precheck, starts the migration and waits until the destination keeps up. Without -StopApplication it leaves the migration running there: stop the applications,
    then run it again with -StopApplication, or end it by hand as docs/operations.md says.
    With -StopApplication it switches over: that block must stop all that writes to the source; then everything that the source has executed is applied, the migration stops,
    triggers and events become active on the destination, and -StartApplication may start the applications there. When a step fails the rest is not done and the source
    is still whole: start the applications there again. Gives the status and writes a report.
.EXAMPLE
    ./minimal-downtime.ps1 -Name shop -Source prod -Destination cloud -Database shop, crm
.EXAMPLE
    ./minimal-downtime.ps1 -Name shop -Source prod -Destination cloud -Database shop, crm -StopApplication { ssh app1 systemctl stop shop } -StartApplication { ssh app1 ./to-cloud.sh }
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
    [string] $ReportPath = '.',

    # Stops all that writes to the source. Throw in it, or end with a native command that fails, to call the switch off.
    [scriptblock] $StopApplication,

    # Starts the applications on the destination.
    [scriptblock] $StartApplication
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
if (-not $PSCmdlet.ShouldProcess("$Source -> $Destination", "Migrate $Database")) {
    return
}

$status = Get-MigrationStatus | Where-Object Name -EQ $Name
if (-not $status) {
    $null = New-MigrationTask $Name -Source $Source -Destination $Destination -Database $Database
    $failed = Test-MigrationPrecheck $Name | Where-Object Outcome -EQ Failed
    if ($failed) {
        $failed
        throw "The precheck of '$Name' failed."
    }
}
if (-not $status.WorkerPid) {
    $null = Start-Migration $Name -Confirm:$false
}
$status = Wait-Migration $Name -Until CaughtUp -Timeout $Timeout

if ($StopApplication) {
    # From here to the end nobody is served.
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $null = & $StopApplication
    # A run that ends by itself once all is applied that the source has executed when it begins.
    $null = Stop-Migration $Name -Wait -Confirm:$false
    $status = Start-Migration $Name -InProcess -Until CaughtUp -Confirm:$false
    if ($status.State -ne 'Stopped') {
        throw "'$Name' is $($status.State): $($status.Message) The applications belong on the source as before."
    }
    Enable-MigrationTrigger $Name -Confirm:$false
    if ($StartApplication) {
        $null = & $StartApplication
    }
    Write-Verbose ('Switched over in {0:0.0} s.' -f $clock.Elapsed.TotalSeconds)
}
$null = New-MigrationReport $Name $ReportPath -Force
$status
