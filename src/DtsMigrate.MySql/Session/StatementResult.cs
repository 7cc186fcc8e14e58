namespace DtsMigrate.MySql.Session;

/// <summary>The OK packet of a statement.</summary>
/// <param name="AffectedRows">Rows affected; matched rows for UPDATE (CLIENT_FOUND_ROWS is always on).</param>
/// <param name="LastInsertId">First AUTO_INCREMENT value generated, or 0.</param>
/// <param name="Warnings">Number of warnings.</param>
/// <param name="Info">The server's info text, for example <c>Records: 3  Deleted: 0  Skipped: 0  Warnings: 0</c>.</param>
public sealed record StatementResult(ulong AffectedRows, ulong LastInsertId, int Warnings, string Info);
