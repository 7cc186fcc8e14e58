using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Completion;

/// <summary>Completes names of connections from the home folder; never connects to anything.</summary>
public sealed class ConnectionNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string prefix = (wordToComplete ?? string.Empty).Trim('\'', '"');
        var pattern = WildcardPattern.Get(prefix + "*", WildcardOptions.IgnoreCase);
        foreach (string name in new ConnectionStore(new TaskHome()).Names().Where(name => pattern.IsMatch(name)))
        {
            string text = name.All(char.IsAsciiDigit) ? $"'{name}'" : name;
            yield return new CompletionResult(text, name, CompletionResultType.ParameterValue, name);
        }
    }
}
