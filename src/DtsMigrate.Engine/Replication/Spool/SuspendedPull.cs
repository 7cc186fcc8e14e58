using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.Replication.Spool;

/// <summary>Goes on pulling the source's binary log into the spool while a task is suspended and writes nothing to its destination, so that it resumes without the source having to keep the log.</summary>
internal static class SuspendedPull
{
    /// <summary>True when the task has a spool to pull into.</summary>
    public static bool IsPossible(RunContext context) => context.IsIncremental && SpoolKeeper.IsWantedBy(context);

    /// <summary>Pulls until cancelled. Before a table is copied there is no position to pull from, and it only waits.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">The source could not be read for as long as the retry windows allow.</exception>
    public static async Task RunAsync(RunContext context, CancellationToken cancellationToken)
    {
        AppliedRecord? applied = await context.Store.ReadAppliedAsync(cancellationToken).ConfigureAwait(false);
        if (applied is null)
        {
            List<TableCopyRecord> copied = (await context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false)).Where(static table => table.State == TableCopyState.Copied).ToList();
            applied = copied.Count == 0 ? null : Gate.FirstPass(copied);
        }

        var keeper = new SpoolKeeper(context);
        if (applied is not null)
        {
            await keeper.OpenAsync(applied.Current, cancellationToken).ConfigureAwait(false);
        }

        await keeper.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
