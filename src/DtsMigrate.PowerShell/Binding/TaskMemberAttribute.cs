namespace DtsMigrate.PowerShell.Binding;

/// <summary>The member of a task definition that a parameter sets, as a path without the root: <c>options.throttle.fullRowsPerSecond</c>.</summary>
/// <param name="path">The path.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class TaskMemberAttribute(string path) : Attribute
{
    /// <summary>The path.</summary>
    public string Path { get; } = path;

    /// <summary>The switch says the contrary of the member: <c>-ExcludeEvent</c> sets <c>migrateEvents</c> to false.</summary>
    public bool Inverted { get; init; }

    /// <summary>The value is a path, which is stored in full: the worker starts in another folder.</summary>
    public bool IsPath { get; init; }
}
