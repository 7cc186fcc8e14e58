#!/usr/bin/env pwsh
#Requires -Version 7.6
<#
.SYNOPSIS
    A live migration between two real MySQL servers, told through the cmdlets.
.DESCRIPTION
    Starts two servers on loopback, fills one with a sample shop, checks and starts the migration in a worker of its own, lets an application write
    to the shop all the while, shows the progress, stops the writer, waits until the destination has everything, and compares both sides row
    by row with a digest that knows nothing of the migration. Needs a built solution (./build.ps1) and nothing else.
.EXAMPLE
    ./examples/quickstart.ps1 -Rows 100000
.EXAMPLE
    ./examples/quickstart.ps1 -Json | Select-Object -Last 1 | ConvertFrom-Json
#>
[CmdletBinding()]
param(
    # Rows of the sample shop.
    [ValidateRange(100, 100000000)]
    [long] $Rows = 500000,

    # Prints one JSON object as the last line.
    [switch] $Json
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$InformationPreference = $Json ? 'SilentlyContinue' : 'Continue'

$repository = Split-Path $PSScriptRoot
$bench = Get-ChildItem (Join-Path $repository 'tests/DtsMigrate.TestServers/bin/*/net10.0/DtsMigrate.TestServers.dll') |
    Sort-Object LastWriteTime | Select-Object -Last 1
if (-not $bench) {
    throw 'The solution is not built. Run ./build.ps1 first.'
}
Import-Module (Join-Path $repository 'out/DtsMigrate/DtsMigrate.psd1')

function Invoke-Bench {
    # Asks the process that holds the servers, and gives its answer.
    param([Parameter(Mandatory)] [hashtable] $Request)
    $servers.StandardInput.WriteLine((ConvertTo-Json $Request -Compress))
    $answer = $servers.StandardOutput.ReadLine() | ConvertFrom-Json
    if (-not $answer.ok) {
        throw $answer.output
    }
    $answer.output
}

function Wait-State {
    # Follows the status until the condition holds; a task that stops on the way is an error.
    param([Parameter(Mandatory)] [scriptblock] $Until)
    do {
        $status = Get-MigrationStatus quickstart
        if ($status.State -in 'Failed', 'PrecheckFailed', 'Interrupted', 'Stopped') {
            throw "The migration is $($status.State): $($status.Message)"
        }
        Write-Progress -Activity 'Migration quickstart' -Status ('{0}: {1:#,0} rows, {2:#,0} changes, lag {3:0.0} s' -f
            $status.State, $status.RowsCopied, $status.ChangesApplied, $status.LagSeconds)
        Start-Sleep -Milliseconds 250
    } until (& $Until $status)
    Write-Progress -Activity 'Migration quickstart' -Completed
    $status
}

# A task home of its own, so that the story leaves nothing behind.
$oldHome = $env:DTSMIGRATE_HOME
$env:DTSMIGRATE_HOME = Join-Path ([System.IO.Path]::GetTempPath()) "quickstart-$PID"
$info = [System.Diagnostics.ProcessStartInfo]::new('dotnet')
$info.ArgumentList.Add($bench.FullName)
$info.RedirectStandardInput = $true
$info.RedirectStandardOutput = $true
$servers = [System.Diagnostics.Process]::Start($info)
try {
    Write-Information 'Starting two MySQL servers ...'
    $addresses = $servers.StandardOutput.ReadLine() | ConvertFrom-Json
    $source, $destination = $addresses | ForEach-Object { '{0}:{1}' -f $_.Host, $_.Port }
    $created = [long](Invoke-Bench @{ do = 'createShop'; database = 'shop'; rows = $Rows })
    Write-Information ('Source {0} has a shop of {1:#,0} rows, destination {2} is empty.' -f $source, $created, $destination)

    Write-Information "`nNew-MigrationTask quickstart ... -Database shop -Map @{ shop = 'shop_new' } | Test-MigrationPrecheck"
    $connection = @{
        SourceServer = $source; SourceUser = 'root'; SourceNoPassword = $true
        DestinationServer = $destination; DestinationUser = 'root'; DestinationNoPassword = $true
    }
    $checks = New-MigrationTask quickstart @connection -Database shop -Map @{ shop = 'shop_new' } | Test-MigrationPrecheck
    $checks | Group-Object Outcome -NoElement | Out-String | Write-Information
    $checks | Where-Object Outcome -In 'Failed', 'Warning' | Out-String | Write-Information

    # The application begins to write, and the migration with it.
    $null = Invoke-Bench @{ do = 'startWriter'; database = 'shop'; rows = $Rows }
    Write-Information 'Start-Migration quickstart      # a worker that outlives this shell'
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $status = Start-Migration quickstart
    Write-Information "The worker is process $($status.WorkerPid)."

    $null = Wait-State { param($now) $now.State -eq 'Replicating' }
    $secondsFull = $clock.Elapsed.TotalSeconds
    Write-Information ("Everything is copied after {0:0.0} s, and the writer still writes.`n" -f $secondsFull)
    Get-MigrationStatus quickstart | Format-Table | Out-String | Write-Information
    $null = Wait-State { param($now) $now.ChangesApplied -ge 20000 -or $clock.Elapsed.TotalSeconds -gt $secondsFull + 60 }

    Write-Information 'The writer stops; the destination drains.'
    $written = [long](Invoke-Bench @{ do = 'stopWriter' })
    # A marker that is the last thing written: once it is there, all before it is.
    $null = Invoke-Bench @{ do = 'sql'; sql = "INSERT INTO shop.setting VALUES ('quickstart-end', 'end', NOW())" }
    $null = Wait-State { Invoke-Bench @{ do = 'sql'; server = 'destination'; sql = "SELECT 1 FROM shop_new.setting WHERE ``the key`` = 'quickstart-end'" } }

    Write-Information "Stop-Migration quickstart -Wait -PassThru"
    $status = Stop-Migration quickstart -Wait -PassThru
    $clock.Stop()
    $status | Format-Table | Out-String | Write-Information

    $differences = @((Invoke-Bench @{ do = 'compare'; database = 'shop'; destination = 'shop_new' }) -split "`n" | Where-Object { $_ })
    $differences | ForEach-Object { Write-Warning $_ }
    $summary = [ordered]@{
        ok             = $differences.Count -eq 0
        tables         = $status.TablesTotal
        rowsCopied     = $status.RowsCopied
        changesApplied = $status.ChangesApplied
        changesWritten = $written
        differences    = $differences.Count
        secondsFull    = [Math]::Round($secondsFull, 1)
        secondsTotal   = [Math]::Round($clock.Elapsed.TotalSeconds, 1)
        peakMemoryMb   = [Math]::Round($status.PeakMemoryMb)
    }
    if ($Json) {
        $summary | ConvertTo-Json -Compress
    } else {
        [pscustomobject]$summary
    }
} finally {
    Get-MigrationStatus | Where-Object WorkerPid | Stop-Migration -Force
    $servers.StandardInput.Close()
    $servers.WaitForExit()
    Remove-Item -LiteralPath $env:DTSMIGRATE_HOME -Recurse -Force -ErrorAction Ignore
    $env:DTSMIGRATE_HOME = $oldHome
}
exit [int]($differences.Count -gt 0)
