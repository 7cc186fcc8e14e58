using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Databases created later get the same character set on both servers.</summary>
internal sealed class DestinationCharacterSetCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "DestinationCharacterSet";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge((context.Source.Variable("character_set_server"), context.Source.Variable("collation_server")), (context.Destination.Variable("character_set_server"), context.Destination.Variable("collation_server")))]);

    /// <summary>Judges character set and collation of both servers.</summary>
    internal static Finding Judge((string Charset, string Collation) source, (string Charset, string Collation) destination)
    {
        if (DestinationTableCheck.NormalizeCharset(source.Collation) == DestinationTableCheck.NormalizeCharset(destination.Collation))
        {
            return Finding.Passed("destination", $"Both servers use {destination.Charset}, {destination.Collation} for new databases.");
        }

        string lost = destination.Charset.StartsWith("utf8mb4", StringComparison.Ordinal) ? string.Empty : " Databases that applications create there without a character set cannot hold characters of four bytes.";
        return Finding.Warning(
            "destination",
            $"character_set_server is {source.Charset} ({source.Collation}) at the source and {destination.Charset} ({destination.Collation}) at the destination. Migrated databases, tables and columns name theirs.{lost}",
            "Give the destination the source's, or utf8mb4, before applications use it.",
            $"SET GLOBAL character_set_server = '{source.Charset}', GLOBAL collation_server = '{source.Collation}';");
    }
}
