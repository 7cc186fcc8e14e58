using System.Collections;
using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;

namespace DtsMigrate.PowerShell.Commands;

/// <content>What is migrated.</content>
public abstract partial class TaskDefinitionCommand
{
    /// <summary>Whole databases to migrate.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("objects")]
    [TaskMember("objects.all")]
    public string[] Database { get; set; } = [];

    /// <summary>Tables to migrate, as <c>database.table</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("objects.tables")]
    public string[] Table { get; set; } = [];

    /// <summary>New names: <c>@{ 'crm' = 'crm_v2'; 'crm.client' = 'crm_v2.customer' }</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    [TaskMember("objects.to")]
    [TaskMember("objects.tables.to")]
    public IDictionary? Map { get; set; }

    /// <summary>What is migrated; default all three.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("migrationTypes")]
    public MigrationTypes[]? MigrationType { get; set; }

    /// <summary>Kinds of row changes that incremental data migration applies; default all, an empty list for none.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ValidateSet("Insert", "Update", "Delete")]
    [TaskMember("dml")]
    public string[]? Dml { get; set; }

    /// <summary>Kinds of DDL that incremental data migration carries out; default all, an empty list for none.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [TaskMember("ddl")]
    public DdlKinds[]? Ddl { get; set; }

    /// <summary>Kinds of row changes of single databases and tables: <c>@{ 'shop.log' = 'Insert' }</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    [TaskMember("objects.dml")]
    [TaskMember("objects.tables.dml")]
    public IDictionary? DmlOf { get; set; }

    /// <summary>Kinds of DDL of single databases and tables: <c>@{ shop = 'AlterTable', 'CreateIndex' }</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    [TaskMember("objects.ddl")]
    [TaskMember("objects.tables.ddl")]
    public IDictionary? DdlOf { get; set; }

    /// <summary>What happens with tables that exist on the destination.</summary>
    [Parameter]
    [TaskMember("conflictMode")]
    public ConflictMode? ConflictMode { get; set; }

    /// <summary>Accounts and roles to migrate, each as user@host; * for all but system accounts.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [TaskMember("accounts")]
    public string[]? Account { get; set; }
}
