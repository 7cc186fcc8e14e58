using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Completion;

/// <summary>Completes names of tasks from the home folder; never connects to anything.</summary>
public sealed class TaskNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string prefix = (wordToComplete ?? string.Empty).Trim('\'', '"');
        var pattern = WildcardPattern.Get(prefix + "*", WildcardOptions.IgnoreCase);
        foreach (TaskFolder folder in new TaskHome().List().Where(folder => pattern.IsMatch(folder.Name)))
        {
            // Task names have no character that would need quotes, yet one may look like a number.
            string text = folder.Name.All(char.IsAsciiDigit) ? $"'{folder.Name}'" : folder.Name;
            string state = folder.ReadState()?.State.ToString() ?? nameof(TaskState.Created);
            yield return new CompletionResult(text, folder.Name, CompletionResultType.ParameterValue, $"{folder.Name} ({state})");
        }
    }
}
