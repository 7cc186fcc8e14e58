using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Shows where the tables of migrations are: one flat record per table.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationTableStatus")]
[OutputType(typeof(TableStatus))]
public sealed class GetMigrationTableStatusCommand : NamedTaskCommand
{
    /// <summary>Tables on the source as database.table, or patterns.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(TableNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Table { get; set; } = ["*"];

    /// <summary>Only tables in these states.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public Engine.Checkpoint.TableCopyState[]? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        WildcardPattern[] patterns = [.. Table.Select(table => WildcardPattern.Get(table, WildcardOptions.IgnoreCase))];
        WriteObject(
            folder.ReadTables().Where(table => patterns.Any(pattern => pattern.IsMatch(table.Table)) && (State is null || State.Any(state => state.ToString() == table.State))),
            enumerateCollection: true);
    }
}
