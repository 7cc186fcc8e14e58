#Requires -Version 7.6
#Requires -Modules DtsMigrate
<#
.SYNOPSIS
    Status of all migrations for people: a CSV for programs, a CSV that Excel opens by double click, an HTML page, and that page by mail.
.DESCRIPTION
    Writes status.csv (commas, numbers and times as programs read them), status-excel.csv (byte order mark, separator, numbers and times of this machine's language, and nothing that
    Excel would take for a formula) and status.html into a folder, and gives the files. With -MailTo the page is sent as well.
.EXAMPLE
    ./status-mail.ps1 -Path ./reports -SmtpServer mail.example -MailFrom dts@shop.example -MailTo dba@shop.example
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Folder to write to.
    [string] $Path = '.',

    # Mail server, as host or host:port.
    [string] $SmtpServer,

    # Sender.
    [string] $MailFrom,

    # Receivers; without them no mail is sent.
    [string[]] $MailTo,

    # Sends in clear text, without STARTTLS; for a mail server on this machine.
    [switch] $NoTls,

    # Account at the mail server.
    [pscredential] $Credential,

    # Language of the file for Excel; that of this machine when left out.
    [cultureinfo] $Culture = (Get-Culture)
)

$ErrorActionPreference = 'Stop'
$now = Get-Date
$rows = Get-MigrationStatus | Select-Object Name, State, Percent, RowsCopied, ChangesApplied, LagSeconds, RowsPerSecond, UpdatedAt, Message

# For programs: the invariant language, times in ISO 8601.
$plain = $rows | Select-Object *, @{ Name = 'Updated'; Expression = { if ($_.UpdatedAt) { $_.UpdatedAt.ToString('o') } } } -ExcludeProperty UpdatedAt
$csv = Join-Path $Path 'status.csv'
if ($PSCmdlet.ShouldProcess($csv, 'Write the status')) {
    $plain | Export-Csv -LiteralPath $csv -Encoding utf8
    Get-Item -LiteralPath $csv
}

# For Excel: what it expects depends on the language, and a text that begins like a formula would be run as one.
$excel = $rows | ForEach-Object {
    $line = [ordered]@{}
    foreach ($property in $_.PSObject.Properties) {
        $line[$property.Name] = switch ($property.Value) {
            { $_ -is [datetimeoffset] } { $_.LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss') }
            { $_ -is [double] } { [Math]::Round($_, 2).ToString($Culture) }
            { $_ -is [string] } { $_ -replace '^([=+\-@\t\r])', '''$1' }
            default { $_ }
        }
    }
    [pscustomobject]$line
}
$csv = Join-Path $Path 'status-excel.csv'
if ($PSCmdlet.ShouldProcess($csv, 'Write the status')) {
    $excel | Export-Csv -LiteralPath $csv -Encoding utf8BOM -Delimiter $Culture.TextInfo.ListSeparator
    Get-Item -LiteralPath $csv
}

$style = '<style>body{font:14px sans-serif}table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:4px 8px;text-align:left}</style>'
$subject = 'MySQL migrations: {0} in all, {1} need a hand' -f @($rows).Count, @($rows | Where-Object State -In Failed, PrecheckFailed, Interrupted, Retrying).Count
$html = $plain | ConvertTo-Html -Title $subject -Head $style -PreContent "<h1>$subject</h1><p>$($now.ToString('yyyy-MM-dd HH:mm'))</p>" | Out-String
$page = Join-Path $Path 'status.html'
if ($PSCmdlet.ShouldProcess($page, 'Write the status')) {
    Set-Content -LiteralPath $page -Value $html -Encoding utf8
    Get-Item -LiteralPath $page
}

if ($MailTo -and $PSCmdlet.ShouldProcess("$MailTo", 'Send the status by mail')) {
    $address = [uri]"smtp://$SmtpServer"
    $client = [System.Net.Mail.SmtpClient]::new($address.Host, ($address.Port -gt 0 ? $address.Port : 587))
    $message = [System.Net.Mail.MailMessage]::new($MailFrom, ($MailTo -join ','), $subject, $html)
    try {
        $client.EnableSsl = -not $NoTls
        if ($Credential) {
            $client.Credentials = $Credential.GetNetworkCredential()
        }
        $message.IsBodyHtml = $true
        $client.Send($message)
    } finally {
        $message.Dispose()
        $client.Dispose()
    }
}
