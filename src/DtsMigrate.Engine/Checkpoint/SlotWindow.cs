using DtsMigrate.Engine.Replication;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// A window of merged changes that is written by several transactions, slots, each of which commits by itself. It begins after <c>applied.current_position</c>.
/// </summary>
/// <param name="End">Its last source transaction and everything before it.</param>
/// <param name="Changes">Row changes applied since the task began, those of the window included.</param>
/// <param name="Done">For each slot, whether it has committed.</param>
/// <param name="Division">By which rules it is divided: those of the release that began it.</param>
internal sealed record SlotWindow(SourcePosition End, long Changes, IReadOnlyList<bool> Done, int Division);
