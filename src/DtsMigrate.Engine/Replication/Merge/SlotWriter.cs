using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Merge;

/// <summary>Writes a window in several transactions side by side, each over its own session and with its own mark that it is done.</summary>
internal sealed class SlotWriter(RunContext context, ApplyTuning tuning) : IAsyncDisposable
{
    private const int Tries = 5;
    private const int LockWaitTimeout = 1205;
    private const int Deadlock = 1213;

    private readonly List<(MySqlSession Session, StatementSender Sender)> _slots = [];

    /// <summary>Slots that a window is divided into; 1 when none is.</summary>
    public int Slots => tuning.Slots;

    /// <summary>Opens the sessions that are not open yet, and ends those of an earlier worker.</summary>
    public async Task OpenAsync(int slots, CancellationToken cancellationToken)
    {
        while (_slots.Count < slots)
        {
            var session = await ApplierSession.OpenAsync(context, _slots.Count + 1, cancellationToken).ConfigureAwait(false);
            long packetLimit;
            try
            {
                packetLimit = await ApplierSession.ReadPacketLimitAsync(session, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await session.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            // The rows were charged when they were read.
            _slots.Add((session, new StatementSender(session, packetLimit, Pace.Free)));
        }
    }

    /// <summary>Writes the slots that are not done yet. Some may have committed when this fails.</summary>
    /// <param name="tables">The window.</param>
    /// <param name="window">Its record.</param>
    /// <param name="finishes">Some slots have committed, so that nothing else can be tried with the others: what does not fit is written once more row by row, and the failure names the row.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task WriteAsync(IReadOnlyList<MergedTable> tables, SlotWindow window, bool finishes, CancellationToken cancellationToken)
    {
        await OpenAsync(window.Done.Count, cancellationToken).ConfigureAwait(false);
        var parts = SlotPlan.Divide(tables, window.Done.Count, window.Division);
        var running = new List<Task>();
        for (int i = 0; i < parts.Count; i++)
        {
            int slot = i;
            if (!window.Done[slot])
            {
                running.Add(Task.Run(() => WriteSlotAsync(slot, parts[slot], finishes, cancellationToken), cancellationToken));
            }
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (session, sender) in _slots)
        {
            sender.Dispose();
            await session.DisposeAsync().ConfigureAwait(false);
        }

        _slots.Clear();
    }

    // Rows are independent, but index pages and gaps are not: two slots may lock each other out, and the loser starts again.
    private async Task WriteSlotAsync(int slot, IReadOnlyList<(MergedTable Table, int[] Rows)> parts, bool finishes, CancellationToken cancellationToken)
    {
        var sender = _slots[slot].Sender;
        sender.IsSingly = false;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await sender.BeginAsync((session, token) => context.Store.Windows.MarkDoneAsync(session, slot, token), cancellationToken).ConfigureAwait(false);
                foreach (var (table, rows) in parts)
                {
                    await sender.AddAsync(table, rows, cancellationToken).ConfigureAwait(false);
                }

                await sender.CommitAsync(context.Store.AssertLeaseAsync, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (MySqlServerException failure) when (failure.Errno is Deadlock or LockWaitTimeout && attempt < Tries)
            {
                await sender.RollBackAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DtsMigrateException failure) when (finishes && !sender.IsSingly && MergeMismatchException.IsOfRow(failure))
            {
                await sender.RollBackAsync(cancellationToken).ConfigureAwait(false);
                sender.IsSingly = true;
            }
        }
    }
}
