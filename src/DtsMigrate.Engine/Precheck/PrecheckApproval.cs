namespace DtsMigrate.Engine.Precheck;

/// <summary>Somebody's word that a warning of the precheck is known and accepted.</summary>
/// <param name="Check">Code of the item.</param>
/// <param name="Target">Object concerned.</param>
/// <param name="Evidence">Digest of what was found; the approval lapses when something else is found.</param>
/// <param name="By">Who: <c>user@machine</c>.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
public sealed record PrecheckApproval(string Check, string Target, string Evidence, string By, DateTimeOffset At, string Reason);
