using System.Globalization;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Pages of the destination hold the rows and index keys of the source.</summary>
internal sealed class PageSizeCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "PageSize";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(context.Source.Variable("innodb_page_size"), context.Destination.Variable("innodb_page_size"))]);

    /// <summary>Judges innodb_page_size of both servers: it limits the length of rows and index keys.</summary>
    internal static Finding Judge(string source, string destination)
    {
        bool known = int.TryParse(source, CultureInfo.InvariantCulture, out int ours) & int.TryParse(destination, CultureInfo.InvariantCulture, out int theirs);
        return known && theirs < Math.Min(ours, 16384)
            ? Finding.Warning("destination", $"innodb_page_size is {ours} at the source and {theirs} at the destination, which takes shorter rows and index keys only: a table that needs more is refused.", "Use a destination with the source's page size; it is chosen when a server is initialised.")
            : Finding.Passed("destination", $"innodb_page_size is {source} at the source and {destination} at the destination.");
    }
}
