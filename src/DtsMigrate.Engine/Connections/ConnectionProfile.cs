using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Connections;

/// <summary>A server under a name, to be used by any number of tasks. Never holds a password, only where it is found.</summary>
/// <param name="Name">Name; the rule is that of task names.</param>
/// <param name="Definition">Host, account and how to connect.</param>
public sealed record ConnectionProfile(string Name, ConnectionDefinition Definition);
