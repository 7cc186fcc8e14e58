#Requires -Version 7.6
#Requires -Modules DtsMigrate
<#
.SYNOPSIS
    Migrates by a definition file: checks first, starts only when nothing blocks, waits until the destination has caught up.
.DESCRIPTION
    For pipelines and schedulers. Exit code 0: caught up; 3: the precheck blocks, with the failed checks as output; 4: the migration failed.
.EXAMPLE
    ./check-and-migrate.ps1 -DefinitionPath ./shop.json -Timeout 7200
#>
[CmdletBinding()]
param(
    # A task definition with references to its passwords.
    [Parameter(Mandatory)]
    [string] $DefinitionPath,

    # Longest wait in seconds; the migration goes on after it.
    [int] $Timeout = 86400
)

$ErrorActionPreference = 'Stop'
$task = New-MigrationTask -DefinitionPath $DefinitionPath -Force
$failed = $task | Test-MigrationPrecheck | Where-Object Outcome -EQ Failed
if ($failed) {
    $failed | Select-Object Check, Target, Message, Recommendation, FixSql
    exit 3
}
$status = $task | Start-Migration -Until CaughtUp -Wait -Timeout $Timeout -ErrorAction Continue
$status
if (-not $status -or $status.State -notin 'Stopped', 'Completed') {
    exit 4
}
