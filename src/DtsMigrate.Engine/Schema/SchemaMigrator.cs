using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema;

/// <summary>Creates databases and tables on the destination: tables without foreign keys first, foreign keys after the data.</summary>
public sealed class SchemaMigrator
{
    private readonly RunContext _context;

    /// <summary>Creates the migrator.</summary>
    public SchemaMigrator(RunContext context) => _context = context;

    /// <summary>Creates databases and tables. May be run again after a crash: what exists and was created by this task is left.</summary>
    /// <remarks>
    /// With <see cref="ConflictMode.PrecheckAndReportErrors"/> the precheck has seen that no table existed, so one that does is an earlier
    /// attempt's and must be as this task would make it. With <see cref="ConflictMode.IgnoreErrorsAndProceed"/> it is kept when rows fit.
    /// </remarks>
    /// <exception cref="DtsMigrateException">Code <c>DestinationTableDiffers</c>: a table exists and is not as it must be; the message names the differences.</exception>
    public Task CreateTablesAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) =>
        _context.Retry.RunAsync("create tables", (scope, token) => new TableCreator(_context).CreateAsync(routes, scope.ReportProgress, token), cancellationToken);

    /// <summary>Adds the foreign keys with their definitions as on the source, names mapped. May be run again after a crash.</summary>
    /// <exception cref="DtsMigrateException">
    /// Code <c>ForeignKeyParentMissing</c>: the parent is neither selected nor on the destination. Code <c>ForeignKeyDiffers</c>: a constraint of
    /// that name exists with another meaning.
    /// </exception>
    public Task AddForeignKeysAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) =>
        _context.Retry.RunAsync("add foreign keys", (scope, token) => new ForeignKeyCreator(_context).CreateAsync(routes, scope.ReportProgress, token), cancellationToken);
}
