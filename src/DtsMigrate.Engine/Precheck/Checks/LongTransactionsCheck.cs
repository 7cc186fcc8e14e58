using System.Globalization;
using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Names the threads whose open transactions would hold up taking the start position, DDL and the purging of old row versions.</summary>
internal sealed class LongTransactionsCheck : IPrecheck
{
    /// <summary>Seconds from which a transaction is told.</summary>
    internal const int LongSeconds = 60;

    private const int CannotConvert = 3854;

    /// <inheritdoc/>
    public string Code => "LongTransactions";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasRows;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            // trx_started is in the server host's own zone, whatever the session's is.
            var rows = await context.Source.Session.QueryRowsAsync(
                "SELECT trx_mysql_thread_id, TIMESTAMPDIFF(SECOND, trx_started, CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')), trx_rows_modified FROM information_schema.INNODB_TRX", cancellationToken).ConfigureAwait(false);
            return [Judge([.. rows.Select(r => (r.GetInt64(0), r.IsNull(1) ? 0 : r.GetInt64(1), r.GetInt64(2)))])];
        }
        catch (MySqlServerException e) when (Unseen.Is(e))
        {
            string account = (await AccountPrivileges.ReadAsync(context.Source, cancellationToken).ConfigureAwait(false)).Account;
            return [Unseen.Of("source", "Open transactions cannot be seen.", "PROCESS ON *.*", account)];
        }
        catch (MySqlServerException e) when (e.Errno == CannotConvert)
        {
            // The server fills the whole row, whatever is asked for, and some statement that runs now has a character that its column for statements cannot take.
            return [Finding.Warning("source", $"Open transactions cannot be listed while a statement runs whose text the server cannot show: {e.ServerMessage}", "Run the precheck again in a moment.")];
        }
    }

    /// <summary>Judges open transactions: thread, age in seconds, rows changed.</summary>
    internal static Finding Judge(IReadOnlyCollection<(long Thread, long Seconds, long Rows)> open)
    {
        string[] found = [.. open.Where(t => t.Thread > 0 && t.Seconds >= LongSeconds).OrderByDescending(t => t.Seconds)
            .Select(t => string.Create(CultureInfo.InvariantCulture, $"thread {t.Thread} for {t.Seconds} s with {t.Rows} rows changed"))];
        return found.Length == 0
            ? Finding.Passed("source", $"No transaction is open for {LongSeconds} s or more.")
            : Finding.Warning("source", $"Transactions are open for long: {Finding.List(found)}.", "Let them end first. While they are open, locks for an exact start position wait, and the source keeps old versions of every row that changes.")
                with
            { Evidence = string.Join(", ", open.Where(t => t.Thread > 0 && t.Seconds >= LongSeconds).Select(t => t.Thread).Order()) };
    }
}
