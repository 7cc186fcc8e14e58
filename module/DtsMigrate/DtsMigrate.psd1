@{
    RootModule           = 'DtsMigrate.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = 'fde52e8a-8b7f-4352-b4c9-a157a1a7df9d'
    Author               = 'DtsMigrate contributors'
    CompanyName          = 'DtsMigrate contributors'
    Copyright            = '(c) DtsMigrate contributors. MIT licence.'
    Description          = 'Migrates MySQL to MySQL online, self-hosted: schema, full data and incremental data, with a precheck before.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('DtsMigrate.Format.ps1xml')
    TypesToProcess       = @('DtsMigrate.Types.ps1xml')
    CmdletsToExport      = @(
        'New-MigrationConnection'
        'Get-MigrationConnection'
        'Set-MigrationConnection'
        'Remove-MigrationConnection'
        'Test-MigrationConnection'
        'Get-MigrationObject'
        'New-MigrationTask'
        'Get-MigrationTask'
        'Set-MigrationTask'
        'Remove-MigrationTask'
        'Export-MigrationTask'
        'Import-MigrationTask'
        'Get-MigrationAssessment'
        'Measure-Migration'
        'Test-MigrationPrecheck'
        'Approve-MigrationPrecheck'
        'Deny-MigrationPrecheck'
        'Start-Migration'
        'Suspend-Migration'
        'Resume-Migration'
        'Stop-Migration'
        'Restart-Migration'
        'Wait-Migration'
        'Watch-Migration'
        'Get-MigrationStatus'
        'Get-MigrationTableStatus'
        'Get-MigrationLog'
        'Get-MigrationDdl'
        'Export-MigrationSchema'
        'Enable-MigrationTrigger'
        'New-MigrationReport'
        'Invoke-MigrationWorker'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('MySQL', 'migration', 'database', 'replication', 'binlog', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            Prerelease = 'preview1'
        }
    }
}
