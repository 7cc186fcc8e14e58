
namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Changes that the source makes by cascade are in its binary log.</summary>
internal sealed class ForeignKeyCascadesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ForeignKeyCascades";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string[] keys = [.. context.ForeignKeys.Where(k => k.Key.Cascades).Select(k => $"{k.Child} ({k.Key.Name})")];
        Finding finding = keys.Length == 0
            ? Finding.Passed("source", "No selected table has a foreign key that cascades.")
            : context.Source.Facts!.LogsCascades
                ? Finding.Passed("source", $"{keys.Length} foreign keys cascade, and this source logs the rows that they change.")
                : Finding.Failed(
                    "source",
                    $"These foreign keys change rows by cascade, which the source does not write to its binary log: {Finding.List(keys)}. Those changes would be lost.",
                    context.Source.Version.IsAtLeast(9, 6)
                        ? "Restart the source with innodb_native_foreign_keys=OFF, or make the keys ON DELETE/UPDATE RESTRICT for the time of the migration."
                        : "Make the keys ON DELETE/UPDATE RESTRICT for the time of the migration, or migrate without incremental migration while nothing writes.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
