# What the test files share: the module under test, a home folder of their own, real servers.

$repository = Split-Path (Split-Path $PSScriptRoot)
$script:manifest = Join-Path $repository 'out/DtsMigrate/DtsMigrate.psd1'
$script:servers = $null
$script:runs = [System.Collections.Generic.List[object]]::new()
$script:runspaces = [System.Collections.Generic.List[runspace]]::new()

function Get-ModuleManifestPath {
    # The manifest of the module under test.
    [OutputType([string])]
    param()
    $script:manifest
}

function Get-TestWorkerPath {
    # The worker as a program of its own: what DTSMIGRATE_TEST_WORKER names, else the one that the ordinary build has beside its assembly.
    [OutputType([string])]
    param()
    if ($env:DTSMIGRATE_TEST_WORKER) {
        return $env:DTSMIGRATE_TEST_WORKER
    }
    $name = $IsWindows ? 'dtsmigrate.exe' : 'dtsmigrate'
    (Get-ChildItem -Path (Join-Path $repository "src/DtsMigrate.Worker/bin/*/net10.0/$name") | Sort-Object LastWriteTime -Descending | Select-Object -First 1).FullName
}

function Enter-TestHome {
    # Points DTSMIGRATE_HOME to a new folder and gives its path. Long paths are kept short for nobody: names of tasks are short.
    [OutputType([string])]
    param()
    $path = Join-Path ([System.IO.Path]::GetTempPath()) ('pester-home-' + [guid]::NewGuid().ToString('n').Substring(0, 8))
    $null = New-Item -ItemType Directory -Path $path
    $env:DTSMIGRATE_HOME = $path
    $path
}

function Exit-TestHome {
    # Ends the workers of the home and removes it.
    param([Parameter(Mandatory)] [string] $Path)
    $env:DTSMIGRATE_HOME = $Path
    foreach ($status in Get-MigrationStatus | Where-Object WorkerPid) {
        # What runs in this process must not be killed.
        $how = $status.WorkerPid -eq $PID ? @{ Wait = $true } : @{ Force = $true }
        Stop-Migration $status.Name @how -Confirm:$false -ErrorAction Ignore
    }
    Complete-TestRun
    Remove-Item -LiteralPath $Path -Recurse -Force
    $env:DTSMIGRATE_HOME = $null
}

function Start-TestMigration {
    # Runs a task in this process, in a runspace of its own, and returns when the destination follows the source: where the worker is not what is tested, that saves its start.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Test tasks.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'NoWait', Justification = 'The condition that is waited for has it.')]
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, ValueFromPipelineByPropertyName)] [string] $Name,

        # Returns once it is at work.
        [switch] $NoWait
    )
    process {
        $runspace = $script:runspaces | Where-Object RunspaceAvailability -EQ Available | Select-Object -First 1
        $shell = [powershell]::Create()
        if (-not $runspace) {
            $runspace = [runspacefactory]::CreateRunspace()
            $runspace.Open()
            $script:runspaces.Add($runspace)
            $shell.Runspace = $runspace
            $null = $shell.AddScript("Import-Module '$script:manifest'").Invoke()
            $shell.Commands.Clear()
        }
        $shell.Runspace = $runspace
        $run = @{ Shell = $shell; Call = $shell.AddScript("Start-Migration '$Name' -InProcess -Confirm:`$false").BeginInvoke() }
        $script:runs.Add($run)
        Wait-Until "'$Name' to follow its source" {
            $status = Get-MigrationStatus $Name
            $run.Call.IsCompleted -or $status.State -eq 'Replicating' -or ($NoWait -and $status.WorkerPid -and $status.State -notin 'Created', 'Stopped', 'Starting', 'Prechecking')
        }
        if ($run.Call.IsCompleted) {
            $null = $shell.EndInvoke($run.Call)
        }
        Get-MigrationStatus $Name
    }
}

function Complete-TestRun {
    # Waits for the runs in this process, which were stopped.
    foreach ($run in $script:runs) {
        $null = $run.Call.AsyncWaitHandle.WaitOne(60000)
        $run.Shell.Dispose()
    }
    $script:runs.Clear()
}

function Start-TestServerSet {
    # Starts two real MySQL servers, source and destination; $null where there is no MySQL. One set per process.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Test servers.')]
    param()
    if ($script:servers) {
        return $script:servers
    }
    $assembly = Get-ChildItem -Path (Join-Path $repository 'tests/DtsMigrate.TestServers/bin/*/net10.0/DtsMigrate.TestServers.dll') |
        Sort-Object LastWriteTime -Descending | Select-Object -First 1
    if (-not $assembly) {
        Write-Warning 'tests/DtsMigrate.TestServers is not built: tests with servers are skipped.'
        return
    }
    $info = [System.Diagnostics.ProcessStartInfo]::new('dotnet')
    $info.ArgumentList.Add($assembly.FullName)
    $info.RedirectStandardInput = $true
    $info.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($info)
    $line = $process.StandardOutput.ReadLine()
    if (-not $line) {
        Write-Warning 'There is no MySQL on this machine: tests with servers are skipped.'
        return
    }
    $addresses = $line | ConvertFrom-Json
    $script:servers = [pscustomobject]@{
        Process     = $process
        Source      = '{0}:{1}' -f $addresses[0].Host, $addresses[0].Port
        Destination = '{0}:{1}' -f $addresses[1].Host, $addresses[1].Port
    }
    $script:servers
}

function Stop-TestServerSet {
    # Ends the servers: they end with their input.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Test servers.')]
    param()
    if ($script:servers) {
        $script:servers.Process.StandardInput.Close()
        $script:servers.Process.WaitForExit()
        $script:servers = $null
    }
}

function Invoke-TestSql {
    # Runs statements as root; gives the output lines, tab-separated.
    param(
        [Parameter(Mandatory)] [ValidateSet('source', 'destination')] [string] $Server,
        [Parameter(Mandatory)] [string] $Sql
    )
    $request = @{ do = 'sql'; server = $Server; sql = $Sql } | ConvertTo-Json -Compress
    $script:servers.Process.StandardInput.WriteLine($request)
    $answer = $script:servers.Process.StandardOutput.ReadLine() | ConvertFrom-Json
    if (-not $answer.ok) {
        throw $answer.output
    }
    $answer.output -split "`n" | Where-Object { $_ }
}

function Get-TestPassword {
    # Password of the account dts on both servers.
    [OutputType([string])]
    param()
    'p3st&r "quoted'' \\ pw'
}

function Initialize-TestAccount {
    # Makes the account dts on both servers; gives the parameters that connect to them.
    [OutputType([hashtable])]
    param()
    $text = (Get-TestPassword) -replace '\\', '\\' -replace "'", "''"
    foreach ($server in 'source', 'destination') {
        Invoke-TestSql $server "CREATE USER IF NOT EXISTS dts@'%' IDENTIFIED BY '$text'; GRANT ALL ON *.* TO dts@'%' WITH GRANT OPTION" | Out-Null
    }
    $account = New-TestCredential dts (Get-TestPassword)
    @{
        SourceServer          = $script:servers.Source
        SourceCredential      = $account
        DestinationServer     = $script:servers.Destination
        DestinationCredential = $account
    }
}

function New-TestDatabase {
    # A database on the source with a keyed table and one without a key.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Test servers.')]
    param(
        [Parameter(Mandatory)] [string] $Name,
        [int] $Rows = 100
    )
    Invoke-TestSql source @"
SET SESSION cte_max_recursion_depth = 1000000;
CREATE DATABASE $Name;
CREATE TABLE $Name.customer (id INT PRIMARY KEY, name VARCHAR(80) NOT NULL, score DOUBLE NULL);
CREATE TABLE $Name.note (customer INT NULL, words VARCHAR(80) NULL);
INSERT INTO $Name.customer (id, name, score) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $Rows) SELECT i, CONCAT('customer ', i), i / 7 FROM n;
INSERT INTO $Name.note SELECT id, REVERSE(name) FROM $Name.customer WHERE id % 10 = 0;
"@
}

function Get-TestDigest {
    # Count and digest of both tables, whatever the order of their rows.
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [ValidateSet('source', 'destination')] [string] $Server,
        [Parameter(Mandatory)] [string] $Database
    )
    (Invoke-TestSql $Server @"
SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS('|', id, name, score))) FROM $Database.customer;
SELECT COUNT(*), SUM(CRC32(CONCAT_WS('|', customer, words))) FROM $Database.note;
"@) -join ' '
}

function Wait-Until {
    # Polls a condition with a deadline; throws what it waited for when that passes.
    param(
        [Parameter(Mandatory)] [string] $What,
        [Parameter(Mandatory)] [scriptblock] $Condition,
        [int] $Seconds = 60
    )
    $deadline = [datetime]::UtcNow.AddSeconds($Seconds)
    while (-not (& $Condition)) {
        if ([datetime]::UtcNow -gt $deadline) {
            throw "Waited $Seconds seconds in vain for: $What"
        }
        [System.Threading.Thread]::Sleep(100)
    }
}

function New-TestCredential {
    # A credential from clear text.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingConvertToSecureStringWithPlainText', '', Justification = 'Test accounts.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Changes nothing.')]
    [OutputType([pscredential])]
    param(
        [Parameter(Mandatory)] [string] $UserName,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text
    )
    [pscredential]::new($UserName, $(if ($Text) { ConvertTo-SecureString $Text -AsPlainText -Force } else { [securestring]::new() }))
}

Export-ModuleMember -Function *-*
