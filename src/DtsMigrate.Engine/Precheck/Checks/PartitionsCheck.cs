using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Partitioned tables have an engine that the destination partitions.</summary>
internal sealed class PartitionsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "Partitions";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge([.. context.Routes!.Select(r => r.Definition)], context.Destination.Version, context.HasSchema)]);

    /// <summary>Judges partitioned tables: from 8.0 on the storage engine must do it itself (MySQL 8.0 manual, "Partitioning Limitations Relating to Storage Engines").</summary>
    internal static Finding Judge(IReadOnlyList<TableDefinition> tables, ServerVersion destination, bool creates)
    {
        var partitioned = tables.Where(t => t.Options.Contains("partitioned", StringComparison.OrdinalIgnoreCase)).ToList();
        string[] refused = [.. partitioned.Where(t => t.Engine.ToUpperInvariant() is not ("INNODB" or "NDBCLUSTER" or "NDB")).Select(t => $"{t.Name} ({t.Engine})")];
        return creates && refused.Length > 0 && destination.IsAtLeast(8)
            ? Finding.Failed(refused[0], $"MySQL {destination.Text} partitions InnoDB tables only; these have another engine: {Finding.List(refused)}.", "Change them to InnoDB on the source, or remove their partitioning.")
            : Finding.Passed("source", partitioned.Count == 0 ? "No selected table is partitioned." : $"{partitioned.Count} partitioned tables are migrated with their partitions.");
    }
}
