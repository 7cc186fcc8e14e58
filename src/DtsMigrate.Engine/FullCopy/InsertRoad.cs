using System.Text;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Rows to the destination by multi-row INSERT: where LOAD DATA LOCAL is not allowed, and where it has not been exact, to name the row and its error.
/// </summary>
internal sealed class InsertRoad
{
    /// <summary>Keeps the warning count of one statement within the 16 bits of an OK packet.</summary>
    private const int MaxRows = 20_000;

    /// <summary>Bytes of a failing row that its error shows.</summary>
    private const int ShownBytes = 200;

    private readonly CopyStatements _statements;
    private readonly QualifiedName _table;
    private readonly CopyTuning _tuning;
    private readonly long _maxPacket;
    private readonly bool _duplicatesAllowed;
    private readonly Pace _pace;

    /// <summary>Creates the road for one table.</summary>
    /// <param name="statements">Statements of the table.</param>
    /// <param name="table">Its name on the destination, for messages.</param>
    /// <param name="tuning">Sizes.</param>
    /// <param name="maxPacket">max_allowed_packet of the destination.</param>
    /// <param name="duplicatesAllowed">Rows may be left out for a duplicate unique value.</param>
    /// <param name="pace">Limits of rows and bytes; null for none.</param>
    public InsertRoad(CopyStatements statements, QualifiedName table, CopyTuning tuning, long maxPacket, bool duplicatesAllowed, Pace? pace = null)
    {
        _pace = pace ?? Pace.Free;
        _statements = statements;
        _table = table;
        _tuning = tuning;
        _maxPacket = maxPacket;
        _duplicatesAllowed = duplicatesAllowed;
    }

    /// <summary>Inserts until the rows end or so many bytes have been sent. Runs in the caller's transaction.</summary>
    /// <exception cref="DtsMigrateException">Code <c>RowRejected</c>: the destination does not take a row as it is; the message shows it. Code <c>RowTooLarge</c>.</exception>
    public async Task<PieceResult> WriteAsync(MySqlSession destination, TextResultSet rows, long stopAfterBytes, CancellationToken cancellationToken)
    {
        using var buffer = new InsertBuffer(_statements, _tuning.InsertBytes);
        int full = (int)Math.Min(_tuning.InsertBytes, _maxPacket / 2);
        long stored = 0;
        long sent = 0;
        long skipped = 0;
        bool atEnd = false;
        while (sent < stopAfterBytes)
        {
            if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                atEnd = true;
                break;
            }

            if (buffer.Rows > 0 && (buffer.Rows == MaxRows || buffer.Length + buffer.SizeOf(rows.CurrentRow) > full || _pace.IsDue(buffer.Rows, buffer.Length)))
            {
                // Never more than one row past the target: a huge row goes alone.
                await FlushAsync().ConfigureAwait(false);
            }

            buffer.Add(rows.CurrentRow);
        }

        await FlushAsync().ConfigureAwait(false);
        return new PieceResult(stored, sent, skipped, atEnd);

        async Task FlushAsync()
        {
            if (buffer.Rows == 0)
            {
                return;
            }

            await _pace.ChargeAsync(buffer.Rows, buffer.Length, cancellationToken).ConfigureAwait(false);
            long left = await SendAsync(destination, buffer, cancellationToken).ConfigureAwait(false);
            skipped += left;
            stored += buffer.Rows - left;
            sent += buffer.Length;
            buffer.Clear();
        }
    }

    /// <summary>Sends the statement.</summary>
    /// <returns>Rows left out.</returns>
    private async Task<long> SendAsync(MySqlSession destination, InsertBuffer buffer, CancellationToken cancellationToken)
    {
        if (buffer.Length >= _maxPacket)
        {
            throw new DtsMigrateException("RowTooLarge", $"A row of {_table} needs a statement of {buffer.Length} bytes, max_allowed_packet of the destination is {_maxPacket}: {Show(buffer.SingleRow(0))}")
            {
                Target = _table.ToString(),
                RecommendedAction = "Raise max_allowed_packet on the destination.",
            };
        }

        bool ignore = _duplicatesAllowed || buffer.EnumZeros > 0;
        StatementResult result;
        try
        {
            result = (await destination.ExecuteBatchAsync(buffer.Statement(ignore), cancellationToken).ConfigureAwait(false))[0];
        }
        catch (MySqlServerException e) when (FaultClassifier.Classify(e) == FaultClass.Stop)
        {
            await FindRowAsync(destination, buffer, cancellationToken).ConfigureAwait(false);
            throw;
        }

        // A replaced row counts twice.
        long skipped = _statements.Replaces ? 0 : buffer.Rows - (long)result.AffectedRows;
        string? fault = await WarningCheck.FindFaultAsync(destination, skipped, result.Warnings, buffer.EnumZeros, _duplicatesAllowed, cancellationToken).ConfigureAwait(false);
        if (fault is not null)
        {
            await FindRowAsync(destination, buffer, cancellationToken).ConfigureAwait(false);
            throw Rejected(fault, null, null);
        }

        return skipped;
    }

    /// <summary>
    /// Inserts one row after the other, strictly, until one fails: that is the error to show. In a transaction of its own, because the caller's is lost; it is left open,
    /// for the caller gives the session up.
    /// </summary>
    private async Task FindRowAsync(MySqlSession destination, InsertBuffer buffer, CancellationToken cancellationToken)
    {
        await destination.ExecuteAsync("ROLLBACK", cancellationToken).ConfigureAwait(false);
        await destination.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < buffer.Rows; i++)
        {
            byte[] statement = buffer.SingleRow(i);
            try
            {
                var result = (await destination.ExecuteBatchAsync(statement, cancellationToken).ConfigureAwait(false))[0];
                string? fault = await WarningCheck.FindFaultAsync(destination, 0, result.Warnings, 0, false, cancellationToken).ConfigureAwait(false);
                if (fault is not null)
                {
                    throw Rejected(fault, statement, null);
                }
            }
            catch (MySqlServerException e) when (FaultClassifier.Classify(e) == FaultClass.Stop && !IsEnumZero(e, buffer) && !(_duplicatesAllowed && e.Errno == 1062))
            {
                throw Rejected(e.ServerMessage, statement, e);
            }
            catch (MySqlServerException e) when (FaultClassifier.Classify(e) == FaultClass.Stop)
            {
                // Legal in the statement as it was sent; the row looked for comes later.
            }
        }
    }

    private static bool IsEnumZero(MySqlServerException e, InsertBuffer buffer) => e.Errno == 1265 && buffer.EnumZeros > 0;

    private static string Show(byte[] statement)
    {
        int start = statement.AsSpan().IndexOf(" VALUES "u8) + " VALUES ".Length;
        var row = statement.AsSpan(start);
        return row.Length <= ShownBytes ? Encoding.UTF8.GetString(row) : Encoding.UTF8.GetString(row[..ShownBytes]) + "...";
    }

    private DtsMigrateException Rejected(string fault, byte[]? statement, Exception? inner) =>
        new("RowRejected", $"The destination does not take a row of {_table} as it is: {fault}{(statement is null ? "." : $"; row {Show(statement)}")}", inner)
        {
            Target = _table.ToString(),
            RecommendedAction = "Make the destination's table equal to the source's, or remove what is in its way there.",
        };
}
