using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>The tables of a run. Those that an earlier run has begun are prepared when the first of their chunks is claimed.</summary>
internal sealed class CopyTables : ICopyTables, IDisposable
{
    private readonly RunContext _context;
    private readonly Dictionary<int, TableWork> _byNumber;
    private readonly DestinationShapes _shapes;
    private readonly SemaphoreSlim _preparing = new(1, 1);

    /// <summary>Creates the set.</summary>
    public CopyTables(RunContext context, IEnumerable<TableWork> tables)
    {
        _context = context;
        _byNumber = tables.ToDictionary(t => t.Route.Number);
        _shapes = new DestinationShapes(_byNumber.Values.Select(t => t.Route));
    }

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<TableWork> All => _byNumber.Values;

    /// <inheritdoc/>
    public async Task<TableWork> GetAsync(int number, CopySessions sessions, CancellationToken cancellationToken)
    {
        var table = _byNumber.GetValueOrDefault(number)
            ?? throw new DtsMigrateException("CheckpointInconsistent", $"There is a chunk of table {number}, which is not being copied.") { Target = "dts_migrate.chunk" };
        if (table.Statements is null)
        {
            await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (table.Statements is null)
                {
                    await TablePreparation.PrepareAsync(_context, table, _shapes, sessions, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                _preparing.Release();
            }
        }

        return table;
    }

    /// <summary>Prepares tables whose copy has not begun.</summary>
    /// <returns>Those that are ready; see <see cref="TablePreparation"/>.</returns>
    public async Task<IReadOnlyList<TableWork>> PrepareAsync(IReadOnlyList<TableWork> tables, CopySessions sessions, CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await TablePreparation.PrepareAsync(_context, tables, _shapes, sessions, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _preparing.Dispose();
}
