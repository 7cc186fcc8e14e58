using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Chooses between transaction-preserving and merging mode at each commit. Merging begins when several full groups in a row have been committed with more
/// waiting behind them, and ends when several small ones in a row have emptied the queue. Not thread safe.
/// </summary>
/// <param name="option">The task's option.</param>
/// <param name="unmergedUntil">Changes up to this position must not be merged, because merged they did not fit; null for none.</param>
/// <param name="always">Merging whatever the backlog is.</param>
internal sealed class ApplyModeSwitch(ApplyMode option, SourcePosition? unmergedUntil, bool always = false)
{
    private const int FullGroups = 3;
    private const int SmallGroups = 5;

    // What transaction-preserving mode carries in a tenth of a second on a slow machine.
    private const long SmallRows = 500;

    private static readonly ApplyModeChoice ByOption = new("TransactionPreserving", "The task's option applyMode says so.");
    private static readonly ApplyModeChoice KeepsUp = new("TransactionPreserving", "The stream keeps up: source transactions are committed whole and in order.");
    private static readonly ApplyModeChoice Behind = new("Merging", "The stream is behind: changes are merged per row and written many at once.");
    private static readonly ApplyModeChoice BehindWithCascades = new(
        "Merging",
        "The stream is behind: changes are merged per row and written many at once, but those of tables with cascading foreign keys one by one in their order, because the source does not log what cascades.");

    private static readonly ApplyModeChoice Unmerged = new("TransactionPreserving", "Merged changes did not fit the destination's rows: they are applied one by one.");

    private int _run;

    /// <summary>The mode in force.</summary>
    public ApplyModeChoice Choice { get; private set; } = option == ApplyMode.TransactionPreserving ? ByOption : unmergedUntil is not null ? Unmerged : always ? Behind : KeepsUp;

    /// <summary>The mode in force, for the status.</summary>
    /// <param name="keepsCascades">Some tables are tied by cascades that the source does not log.</param>
    public ApplyModeChoice Show(bool keepsCascades) => IsMerging && keepsCascades ? BehindWithCascades : Choice;

    /// <summary>Changes are to be merged.</summary>
    public bool IsMerging => ReferenceEquals(Choice, Behind);

    /// <summary>Something was committed.</summary>
    /// <param name="hasBacklog">More was waiting: the group ended because it was full.</param>
    /// <param name="rows">Row changes in it.</param>
    /// <param name="current">The position that it reached.</param>
    public void Committed(bool hasBacklog, long rows, SourcePosition current)
    {
        if (option == ApplyMode.TransactionPreserving)
        {
            return;
        }

        if (unmergedUntil is not null)
        {
            // One transaction more than what was committed when it failed: the row at fault is in that one.
            if (!current.Covers(unmergedUntil) || unmergedUntil.Covers(current))
            {
                return;
            }

            unmergedUntil = null;
            Choice = always ? Behind : KeepsUp;
        }

        bool speaksForChange = IsMerging ? !always && !hasBacklog && rows < SmallRows : hasBacklog;
        _run = speaksForChange ? _run + 1 : 0;
        if (_run == (IsMerging ? SmallGroups : FullGroups))
        {
            Choice = IsMerging ? KeepsUp : Behind;
            _run = 0;
        }
    }
}
