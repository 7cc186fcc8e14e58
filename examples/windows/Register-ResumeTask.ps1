#Requires -Version 7.6
<#
.SYNOPSIS
    Makes a scheduled task that resumes, when the machine starts, every migration that lost its worker.
.DESCRIPTION
    Run it once as the user who owns the migrations, in an elevated pwsh on Windows. The migrations must say where their passwords are: there is nobody to ask.
.EXAMPLE
    ./Register-ResumeTask.ps1 -ScriptPath C:\DtsMigrate\examples\resume-interrupted.ps1
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Full path of resume-interrupted.ps1.
    [Parameter(Mandatory)]
    [ValidateScript({ Test-Path -LiteralPath $_ -PathType Leaf })]
    [string] $ScriptPath,

    # Name of the scheduled task.
    [ValidateNotNullOrEmpty()]
    [string] $TaskName = 'DtsMigrate resume'
)

if (-not $IsWindows) {
    throw 'Scheduled tasks are of Windows; examples/systemd and examples/launchd are for other systems.'
}
$action = New-ScheduledTaskAction -Execute (Join-Path $PSHOME 'pwsh.exe') -Argument "-NoProfile -NonInteractive -File `"$ScriptPath`""
$trigger = New-ScheduledTaskTrigger -AtStartup
# S4U runs without anybody logged on and keeps no password.
$principal = New-ScheduledTaskPrincipal -UserId "$env:USERDOMAIN\$env:USERNAME" -LogonType S4U
$settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -ExecutionTimeLimit ([timespan]::Zero)
if ($PSCmdlet.ShouldProcess($TaskName, 'Register the scheduled task')) {
    Register-ScheduledTask -TaskName $TaskName -Action $action -Trigger $trigger -Principal $principal -Settings $settings
}
