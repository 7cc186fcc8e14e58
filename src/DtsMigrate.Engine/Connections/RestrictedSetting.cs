namespace DtsMigrate.Engine.Connections;

/// <summary>A session variable that may need a privilege to change.</summary>
/// <param name="Name">Variable.</param>
/// <param name="Value">The value that sessions need, as the server shows it.</param>
/// <param name="Harmless">True when work may go on without it, because a later statement fails by itself where it matters.</param>
internal sealed record RestrictedSetting(string Name, string Value, bool Harmless);
