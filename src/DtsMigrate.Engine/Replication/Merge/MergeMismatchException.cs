using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication.Merge;

/// <summary>
/// Merged changes did not do exactly what they should. Nothing of them is kept; the transactions are applied again, unmerged, which either succeeds or names
/// the row at fault.
/// </summary>
/// <param name="message">What happened.</param>
/// <param name="inner">The failure; null when it was found before anything was sent.</param>
internal sealed class MergeMismatchException(string message, Exception? inner = null) : DtsMigrateException("MergeMismatch", message, inner)
{
    /// <summary>A failure that a row causes: written by itself it names that row, or is not there.</summary>
    public static bool IsOfRow(DtsMigrateException failure) => failure.Code is "RowConflict" or "DestinationWarning" or "ApplyFailed" or "RowTooLarge";
}
