using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The source logs all databases.</summary>
internal sealed class BinlogFiltersCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "BinlogFilters";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental && context.Source.Facts is not null && context.Source.IsOn("log_bin");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        // MySQL 9 reference, "SHOW BINARY LOG STATUS": File, Position, Binlog_Do_DB, Binlog_Ignore_DB, Executed_Gtid_Set. SHOW MASTER STATUS until 8.4.
        string statement = context.Source.Version.IsAtLeast(8, 2) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
        IReadOnlyList<TextRow> rows;
        try
        {
            rows = await context.Source.Session.QueryRowsAsync(statement, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (Unseen.Is(e))
        {
            string account = (await AccountPrivileges.ReadAsync(context.Source, cancellationToken).ConfigureAwait(false)).Account;
            return [Unseen.Of("source", "Whether the binary log is filtered (binlog_do_db, binlog_ignore_db) cannot be seen.", "REPLICATION CLIENT ON *.*", account)];
        }

        string done = Filter(rows, 2);
        string ignored = Filter(rows, 3);
        return
        [
            done.Length + ignored.Length == 0
                ? Finding.Passed("source", "The binary log holds all databases.")
                : Finding.Failed(
                    "source",
                    $"The binary log is filtered (binlog_do_db: {Shown(done)}; binlog_ignore_db: {Shown(ignored)}): changes may be missing from it, by the current database of the session that makes them.",
                    "Restart the source without binlog_do_db and binlog_ignore_db."),
        ];
    }

    private static string Filter(IReadOnlyList<TextRow> rows, int column) => rows.Count == 0 ? string.Empty : rows[0].GetStringOrNull(column) ?? string.Empty;

    private static string Shown(string filter) => filter.Length == 0 ? "none" : filter;
}
