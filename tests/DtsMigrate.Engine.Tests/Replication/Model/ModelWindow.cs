using DtsMigrate.Engine.Replication;

namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>What the destination keeps of a window that is being written in slots.</summary>
/// <param name="End">Its end.</param>
/// <param name="Done">The slots that have committed.</param>
internal sealed record ModelWindow(SourcePosition End, bool[] Done);
