using System.Globalization;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Object name mapping is within what can be looked over.</summary>
internal sealed class ObjectMappingCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ObjectMapping";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.Task.Objects.Any(d => d.Name != d.To || d.Tables.Any(t => t.Name != t.To));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(context.Task.Objects)]);

    /// <summary>Number of single tables above which a task of this kind is better made of whole databases.</summary>
    internal const int ManyTables = 1000;

    /// <summary>Judges the extent of object name mapping.</summary>
    internal static Finding Judge(IReadOnlyList<DatabaseSelection> objects)
    {
        int databases = objects.Count(d => d.Name != d.To);
        int tables = objects.Sum(d => d.Tables.Count(t => t.Name != t.To));
        int chosen = objects.Sum(d => d.Tables.Count);
        string count = string.Create(CultureInfo.InvariantCulture, $"{databases} databases and {tables} tables get other names.");
        return chosen > ManyTables && tables > 0
            ? Finding.Warning("task", string.Create(CultureInfo.InvariantCulture, $"{count} {chosen} tables are selected one by one; with mapping, {ManyTables} of a task is what the managed service allows. Here there is no such limit, but nobody reviews so long a list."), "Select whole databases, or make several tasks of it.")
            : Finding.Passed("task", count);
    }
}
