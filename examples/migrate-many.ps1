#Requires -Version 7.6
#Requires -Modules DtsMigrate
<#
.SYNOPSIS
    Migrates many databases, for example forty, with a loop: some databases to a task, some tasks at a time.
.DESCRIPTION
    Lists the databases of the source by pattern, defines a task for each group of them, and starts the tasks so that never more than -AtOnce of them copy. With incremental
    data migration each task follows its source once it has copied, and the next one begins. Databases that a task has already are left out: run it again to go on.
    Gives the status of every task.
.EXAMPLE
    ./migrate-many.ps1 -Source prod -Destination cloud -Pattern customer_* -DatabasesPerTask 10
.EXAMPLE
    ./migrate-many.ps1 -Source prod -Destination cloud | Where-Object State -NotIn Completed, Replicating
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Connection of the source.
    [Parameter(Mandatory)]
    [string] $Source,

    # Connection of the destination.
    [Parameter(Mandatory)]
    [string] $Destination,

    # Databases.
    [SupportsWildcards()]
    [string] $Pattern = '*',

    # Begin of the names of the tasks.
    [string] $Prefix = 'many',

    # Databases that one task, and so one worker, has to do with.
    [ValidateRange(1, 1000)]
    [int] $DatabasesPerTask = 10,

    # Tasks that copy at a time.
    [ValidateRange(1, 64)]
    [int] $AtOnce = 2,

    # What the tasks do.
    [ValidateSet('Schema', 'Full', 'Incremental')]
    [string[]] $MigrationType = @('Schema', 'Full', 'Incremental'),

    # Longest wait in seconds.
    [ValidateRange(1, 2592000)]
    [int] $Timeout = 86400
)

$ErrorActionPreference = 'Stop'
$known = @(Get-MigrationTask "$Prefix-*" | ForEach-Object { ($_ | Export-MigrationTask | ConvertFrom-Json -AsHashtable).objects.Keys })
$databases = @(Get-MigrationObject $Source | Where-Object { $_.Database -like $Pattern -and $_.Database -notin $known } | ForEach-Object Database)
$number = @(Get-MigrationTask "$Prefix-*").Count
for ($first = 0; $first -lt $databases.Count; $first += $DatabasesPerTask) {
    $group = $databases[$first..([Math]::Min($first + $DatabasesPerTask, $databases.Count) - 1)]
    $number++
    if ($PSCmdlet.ShouldProcess("$Source -> $Destination", "Migrate $group")) {
        $null = New-MigrationTask ('{0}-{1:000}' -f $Prefix, $number) -Source $Source -Destination $Destination -Database $group -MigrationType $MigrationType
    }
}

# The loop: whoever has copied makes room for the next. One that fails is told and holds nobody up.
$deadline = [datetime]::UtcNow.AddSeconds($Timeout)
$waiting = [System.Collections.Generic.Queue[string]]::new([string[]]@(Get-MigrationStatus "$Prefix-*" -State Created, Stopped, Interrupted, Failed, PrecheckFailed | ForEach-Object Name))
do {
    $all = @(Get-MigrationStatus "$Prefix-*")
    $busy = @($all | Where-Object { $_.WorkerPid -and $_.State -ne 'Replicating' }).Count
    while ($waiting.Count -gt 0 -and $busy -lt $AtOnce) {
        $name = $waiting.Dequeue()
        if ($PSCmdlet.ShouldProcess($name, 'Start the migration')) {
            $null = Start-Migration $name -Confirm:$false -ErrorAction Continue
            $busy++
        }
    }
    Write-Progress -Activity "Migrating from $Source" -Status ('{0} waiting, {1} at work, {2} in all' -f $waiting.Count, $busy, $all.Count)
    if ($busy -gt 0) {
        Start-Sleep -Milliseconds 250
    }
} while (($waiting.Count -gt 0 -or $busy -gt 0) -and [datetime]::UtcNow -lt $deadline)
Write-Progress -Activity "Migrating from $Source" -Completed
Get-MigrationStatus "$Prefix-*"
