using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Completion;

/// <summary>Completes tables of the task that is named before, from its folder; never connects to anything.</summary>
public sealed class TableNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        if (fakeBoundParameters?["Name"] is not string name || !TaskName.IsValid(name))
        {
            yield break;
        }

        string prefix = (wordToComplete ?? string.Empty).Trim('\'', '"');
        foreach (string table in new TaskHome().Folder(name).ReadTables().Select(table => table.Table).Where(table => table.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            bool plain = table.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');
            yield return new CompletionResult(plain ? table : $"'{table.Replace("'", "''", StringComparison.Ordinal)}'", table, CompletionResultType.ParameterValue, table);
        }
    }
}
