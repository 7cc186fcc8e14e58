#Requires -Version 7.6
#Requires -Modules DtsMigrate
<#
.SYNOPSIS
    Resumes every migration whose worker died, for example with the machine. For a cron @reboot line, a systemd unit or a scheduled task.
.DESCRIPTION
    The tasks must say where their passwords are: there is nobody to ask. Gives the status of each task that was resumed.
.EXAMPLE
    @reboot pwsh -NoProfile -File /opt/dtsmigrate/resume-interrupted.ps1
#>
[CmdletBinding(SupportsShouldProcess)]
param()

Get-MigrationStatus -State Interrupted | Resume-Migration -Confirm:$false
