using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// A pass over rows of a table with JSON columns: those that JSON text carries exactly go by the road that is used anyway, the others by INSERT with expressions, in the same
/// transaction of the destination and from the same SELECT.
/// </summary>
internal static class TypedRowRoad
{
    /// <summary>Writes until the rows end or so many bytes have been sent. Runs in the caller's transaction.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="write">The road of all other rows; takes rows and a limit in bytes.</param>
    /// <param name="insertTyped">Inserts rows that were set aside.</param>
    /// <param name="stopAfterBytes">Limit.</param>
    public static async Task<PieceResult> WriteAsync(
        TypedRowSplitter rows, Func<TextResultSet, long, Task<PieceResult>> write, Func<IReadOnlyList<byte[]>, Task<PieceResult>> insertTyped, long stopAfterBytes)
    {
        var total = default(PieceResult);
        bool paused;
        do
        {
            total = Add(total, await write(rows, stopAfterBytes - total.Bytes).ConfigureAwait(false));
            paused = rows.Paused;
            var held = rows.TakeHeld();
            if (held.Count > 0)
            {
                total = Add(total, await insertTyped(held).ConfigureAwait(false));
            }
        }
        while (paused && total.Bytes < stopAfterBytes);
        return total with { AtEnd = rows.AtEnd };
    }

    private static PieceResult Add(PieceResult a, PieceResult b) => new(a.Rows + b.Rows, a.Bytes + b.Bytes, a.Skipped + b.Skipped, false);
}
