namespace DtsMigrate.Engine.Precheck;

/// <summary>Somebody's decision to start in spite of a failed item.</summary>
/// <param name="Check">Code of the item.</param>
/// <param name="Target">Object concerned.</param>
/// <param name="Evidence">Hash of what the item had found; with anything else found the decision lapses.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
public sealed record PrecheckIgnore(string Check, string Target, string Evidence, string Reason, string By, DateTimeOffset At);
