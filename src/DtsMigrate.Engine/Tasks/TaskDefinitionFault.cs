namespace DtsMigrate.Engine.Tasks;

/// <summary>One thing that is wrong with a task definition.</summary>
/// <param name="Path">JSON path of the member, for example <c>$.options.copyThreads</c>.</param>
/// <param name="Value">The value found, as JSON and shortened; null when there is none. Never a password.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record TaskDefinitionFault(string Path, string? Value, string Message, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => Value is null ? $"{Path}: {Message} {Remedy}" : $"{Path} = {Value}: {Message} {Remedy}";
}
