using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>sql_mode is the same on both servers.</summary>
internal sealed class SqlModeCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "SqlMode";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(context.Source.Variable("sql_mode"), context.Destination.Variable("sql_mode"), context.Destination.Version)]);

    /// <summary>Judges two global values of sql_mode.</summary>
    internal static Finding Judge(string source, string destination, ServerVersion destinationVersion)
    {
        var (ours, theirs) = (SqlModes.Parts(source), SqlModes.Parts(destination));
        string[] removed = [.. ours.Where(m => SqlModes.IsRemoved(m, destinationVersion))];
        string[] missing = [.. ours.Except(theirs).Except(removed)];
        string[] extra = [.. theirs.Except(ours)];
        if (missing.Length + extra.Length == 0)
        {
            return Finding.Passed("destination", removed.Length == 0 ? "sql_mode is the same on both servers." : $"sql_mode is the same on both servers, but for {string.Join(", ", removed)}, which the destination's version does not have any more.");
        }

        string wanted = string.Join(',', ours.Except(removed));
        return Finding.Warning(
            "destination",
            $"sql_mode differs: only the source has {Show(missing)}, only the destination has {Show(extra)}. The migration itself sets its own; applications will get the destination's.",
            "Give the destination the source's before applications use it, or make sure that they do not depend on the difference.",
            $"SET GLOBAL sql_mode = '{wanted}';");
    }

    private static string Show(string[] modes) => modes.Length == 0 ? "nothing" : string.Join(", ", modes);
}
