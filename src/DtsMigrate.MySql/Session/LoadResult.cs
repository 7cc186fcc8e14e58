namespace DtsMigrate.MySql.Session;

/// <summary>What LOAD DATA says it did, read from its OK packet's info text.</summary>
/// <param name="Records">Records read from the stream.</param>
/// <param name="Deleted">Rows deleted by REPLACE.</param>
/// <param name="Skipped">Records skipped: duplicates under IGNORE, which LOCAL implies.</param>
/// <param name="Warnings">Warnings, coerced values included.</param>
public sealed record LoadResult(long Records, long Deleted, long Skipped, long Warnings);
