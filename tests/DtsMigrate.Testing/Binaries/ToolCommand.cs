namespace DtsMigrate.Testing;

/// <summary>
/// How to start one program: the file to execute and the arguments that come before the caller's own.
/// Unpacked programs are started through their own loader, so a path alone is not enough.
/// </summary>
/// <param name="FileName">The file to execute.</param>
/// <param name="Prefix">Arguments before the caller's own.</param>
public sealed record ToolCommand(string FileName, IReadOnlyList<string> Prefix)
{
    /// <summary>A program that is started directly.</summary>
    public ToolCommand(string fileName)
        : this(fileName, [])
    {
    }

    /// <summary>Runs the program to its end with <paramref name="standardInput"/> and returns what it printed; a failure throws.</summary>
    public async Task<string> RunAsync(IEnumerable<string> arguments, string? standardInput, CancellationToken cancellationToken)
    {
        var result = await ProcessRunner.RunAsync(FileName, [.. Prefix, .. arguments], standardInput, null, cancellationToken);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{Path.GetFileName(FileName)} ended with exit code {result.ExitCode}: {result.Error.Trim()}");
    }

    /// <summary>The command as one line for a shell.</summary>
    public override string ToString() => string.Join(' ', Prefix.Prepend(FileName));
}
