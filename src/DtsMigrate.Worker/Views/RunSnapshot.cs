using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Worker.Views;

/// <summary>A run at one moment.</summary>
internal sealed record RunSnapshot(MigrationStatus Status, IReadOnlyList<TableStatus> Tables);
