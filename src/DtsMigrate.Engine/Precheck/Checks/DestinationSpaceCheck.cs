using System.Globalization;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination has room for the rows and indexes of the source, as far as that can be seen.</summary>
internal sealed class DestinationSpaceCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "DestinationSpace";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasFull && !context.IsResume;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(CopyEstimate.Of([.. context.Routes!.Select(r => r.Definition)], context.Task.Options),
            context.Destination.IsOn("log_bin") && context.Task.Options.DestinationBinlog,
            DestinationDisk.Free(context.Destination.Variable("datadir"), context.Destination.Facts!.ServerUuid))]);

    /// <summary>Tables filled by many sessions at once are less dense than grown ones.</summary>
    internal const double Looseness = 1.25;

    private const long WorthAsking = 1L << 30;

    /// <summary>Judges what the copy takes by what is free; null for not known.</summary>
    internal static Finding Judge(CopyEstimate copy, bool isLogged, long? free)
    {
        long needed = (long)((copy.DataBytes + copy.IndexBytes) * Looseness) + (isLogged ? copy.DataBytes : 0);
        string takes = $"The copy takes about {CopyEstimate.Show(needed)} on the destination: {CopyEstimate.Show(copy.DataBytes)} of rows and {CopyEstimate.Show(copy.IndexBytes)} of indexes by the source's estimate, a quarter more for loosely filled pages"
            + (isLogged ? ", and its binary log." : ".");
        if (free is { } known)
        {
            return known < needed
                ? Finding.Failed("destination", $"{takes} Its disk has {CopyEstimate.Show(known)} free.", "Make room or use a larger disk, or have the destination's binary log left out (destinationBinlog).") with { Evidence = Size(needed) + Size(known) }
                : Finding.Passed("destination", $"{takes} Its disk has {CopyEstimate.Show(known)} free.");
        }

        return needed >= WorthAsking
            ? Finding.Warning("destination", $"{takes} SQL does not show how much its disk has free.", "Make sure of it on the server, or in the console of the service.") with { Evidence = Size(needed) }
            : new Finding(PrecheckOutcome.Skipped, "destination", $"{takes} SQL does not show how much its disk has free.");
    }

    // Estimates move from one look to the next; a decision about them holds until they double.
    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"2^{Math.Ceiling(Math.Log2(Math.Max(bytes, 1)))} ");
}
