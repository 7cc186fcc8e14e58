using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Schema;

/// <summary>Creates databases and tables on the destination: tables without foreign keys first, foreign keys after the data.</summary>
public sealed class SchemaMigrator
{
    /// <summary>Creates the migrator.</summary>
    public SchemaMigrator(RunContext context) => throw new NotImplementedException(context?.ToString());

    /// <summary>Creates databases and tables. May be run again after a crash: what exists and was created by this task is left.</summary>
    public Task CreateTablesAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Adds the foreign keys with their definitions as on the source, names mapped. May be run again after a crash.</summary>
    public Task AddForeignKeysAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) => throw new NotImplementedException();
}
