namespace DtsMigrate.Engine.Replication;

/// <summary>How changes are written, and why.</summary>
/// <param name="Mode"><c>TransactionPreserving</c> or <c>Merging</c>.</param>
/// <param name="Reason">A sentence.</param>
public sealed record ApplyModeChoice(string Mode, string Reason);
