using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Rows to the destination by LOAD DATA LOCAL, checked to have been taken exactly.</summary>
internal sealed class LoadRoad
{
    private readonly CopyStatements _statements;
    private readonly RowPump _pump;
    private readonly bool _duplicatesAllowed;

    /// <summary>Creates the road for one pass over a result set.</summary>
    public LoadRoad(CopyStatements statements, bool duplicatesAllowed, Pace? pace = null)
    {
        _statements = statements;
        _pump = new RowPump(statements.EnumColumns, pace);
        _duplicatesAllowed = duplicatesAllowed;
    }

    /// <summary>Loads until the rows end or so many bytes have been sent. Runs in the caller's transaction.</summary>
    /// <exception cref="LoadNotExactException">Something was skipped or changed that must not be: roll back.</exception>
    public async Task<PieceResult> WriteAsync(MySqlSession destination, TextResultSet rows, long stopAfterBytes, CancellationToken cancellationToken)
    {
        _pump.Reset();
        var result = await destination.LoadLocalAsync(_statements.Load, (writer, token) => _pump.RunAsync(rows, writer, stopAfterBytes, token), cancellationToken).ConfigureAwait(false);
        if (result.Records != _pump.Rows)
        {
            throw new LoadNotExactException($"{_pump.Rows} rows were sent and {result.Records} were read");
        }

        string? fault = await WarningCheck.FindFaultAsync(destination, result.Skipped, result.Warnings, _pump.EnumZeros, _duplicatesAllowed, cancellationToken).ConfigureAwait(false);
        return fault is null
            ? new PieceResult(_pump.Rows - result.Skipped, _pump.Bytes, result.Skipped, _pump.AtEnd)
            : throw new LoadNotExactException(fault);
    }
}
