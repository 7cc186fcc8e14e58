using System.Globalization;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication;

/// <summary>The errors that stop incremental data migration, one method per code.</summary>
internal static class ReplicationErrors
{
    private const int LongestStatement = 500;

    public static DtsMigrateException PositionKind(SourcePosition a, SourcePosition b) =>
        new("PositionKindChanged", $"Positions '{a}' and '{b}' are of different kinds: the source's gtid_mode was switched since the task began.")
        {
            RecommendedAction = "Set gtid_mode of the source back to what it was, or create a new task.",
        };

    public static DtsMigrateException NoWatermark(int table) =>
        new("CheckpointDamaged", $"Table number {table} is recorded as copied but has no watermark in dts_migrate.table_copy.")
        {
            RecommendedAction = "Create a new task for the table.",
        };

    public static DtsMigrateException RowConflict(QualifiedName table, string what, string key, BinlogCoordinate at, Exception? inner = null) =>
        new("RowConflict", $"{what} in {table} on the destination ({key}), at {at} of the source's binary log. The destination's rows are not what the source's were: somebody else writes there.", inner)
        {
            RecommendedAction = "Find who writes to the destination table, put the row right, and start the task again; it goes on from the transaction before.",
            Target = table.ToString(),
        };

    public static DtsMigrateException DestinationWarning(QualifiedName table, string what, BinlogCoordinate at) =>
        new("DestinationWarning", $"The destination changed a value of {table} while writing it ({what}), at {at} of the source's binary log. Nothing of the transaction was kept.")
        {
            RecommendedAction = "Compare the column types of the table on both sides.",
            Target = table.ToString(),
        };

    public static DtsMigrateException WriteFailed(string tables, BinlogCoordinate first, BinlogCoordinate last, MySqlServerException inner) =>
        new("ApplyFailed", $"The destination refused a change of {tables}, between {first} and {last} of the source's binary log: {inner.Message}", inner)
        {
            RecommendedAction = "Remove the cause on the destination and start the task again; it goes on from the transaction before.",
            Target = tables,
        };

    public static DtsMigrateException RowTooLarge(QualifiedName table, string key, long bytes, long limit, BinlogCoordinate at) =>
        new("RowTooLarge", string.Create(CultureInfo.InvariantCulture, $"A row of {table} ({key}) needs a statement of {bytes} bytes, and the destination's max_allowed_packet is {limit}, at {at} of the source's binary log."))
        {
            RecommendedAction = string.Create(CultureInfo.InvariantCulture, $"SET GLOBAL max_allowed_packet = {Math.Min(1L << 30, (bytes + (2 << 20)) / 1024 * 1024)} on the destination, then start the task again."),
            Target = table.ToString(),
        };

    public static DtsMigrateException IncompleteRowImage(QualifiedName table, string missing, BinlogCoordinate at) =>
        new("IncompleteRowImage", $"A row image of {table} lacks column '{missing}', at {at} of the source's binary log: a session has overridden binlog_row_image, which must be FULL.")
        {
            RecommendedAction = "Stop the session or program that sets binlog_row_image, and migrate the table in a new task.",
            Target = table.ToString(),
        };

    public static DtsMigrateException CascadeNotExact(QualifiedName parent, QualifiedName child, string why, BinlogCoordinate at) =>
        new("CascadeNotExact", $"A change of {parent} has changed rows of {child} by a cascading foreign key, which the source does not log, at {at} of its binary log. Which rows cannot be told: {why}.")
        {
            RecommendedAction = "Migrate both tables in a new task.",
            Target = child.ToString(),
        };

    public static DtsMigrateException CascadeUnknown(QualifiedName parent, QualifiedName child, BinlogCoordinate at) =>
        new(
            "CascadeUnknown",
            $"A change of {parent} may have changed rows of {child} by a cascading foreign key, which the source does not log, at {at} of its binary log. "
                + "That is known once the copy of a table that was brought in has begun.")
        {
            IsTransient = true,
            RecommendedAction = "Nothing: it is tried again. If the copy does not come to the table within the retry time, start the task again.",
            Target = parent.ToString(),
        };

    public static DtsMigrateException TransactionTooLarge(long bytes, long limit, MySqlServerException refused) =>
        new("TransactionTooLarge", $"The destination's group refused a transaction that is about {bytes:N0} bytes of the source's binary log; group_replication_transaction_size_limit is {limit:N0} there.", refused)
        {
            IsTransient = true,
            RecommendedAction = "Raise group_replication_transaction_size_limit on the destination (0 for no limit): the transaction is tried again until the retry time is over, and whenever the task is started.",
            Target = "group_replication_transaction_size_limit",
        };

    public static DtsMigrateException TableDefinitionChanged(QualifiedName table, string difference, BinlogCoordinate at) =>
        new("TableDefinitionChanged", $"{table} looks different in the binary log than when the task was planned: {difference}, at {at}.")
        {
            RecommendedAction = "Migrate the table in a new task, after its definition has settled.",
            Target = table.ToString(),
        };

    public static DtsMigrateException UnplannedTable(QualifiedName table, BinlogCoordinate at) =>
        new("TableNotPlanned", $"{table} is selected by the task, and changes at {at} of the source's binary log, but did not exist when the task was planned.")
        {
            RecommendedAction = "Create a new task that includes the table.",
            Target = table.ToString(),
        };

    public static DtsMigrateException DdlFiltered(QualifiedName table, QualifiedName destination, string statement, BinlogCoordinate at) =>
        new("DdlFiltered", $"Rows of {table} have changed at {at}, after a statement that changed its columns and whose kind the task does not select: they do not fit {destination}. The statement: {Shorten(statement)}")
        {
            RecommendedAction = $"Make the same change to {destination} on the destination by hand and start the task again: it is then taken over.",
            Target = table.ToString(),
        };

    public static DtsMigrateException DdlFailed(string objects, string statement, BinlogCoordinate at, string cause, bool retries, Exception inner) =>
        new("DdlFailed", $"The destination refused a DDL statement of the source on {objects}, ending at {at} of its binary log ({cause}): {Shorten(statement)}", retries ? null : inner)
        {
            RecommendedAction = "Remove the cause on the destination and start the task again: the statement is then tried again. With options.ddlFailure = Skip it is left out; a change that was made by hand is taken over then.",
            Target = objects,
            IsTransient = retries,
        };

    public static DtsMigrateException DdlNotExact(string objects, string statement, BinlogCoordinate at, string why) =>
        new("DdlNotExact", $"A DDL statement on the source, ending at {at} of its binary log, cannot be carried over exactly: {why}: {Shorten(statement)}")
        {
            RecommendedAction = "Migrate the objects concerned in a new task, after the change.",
            Target = objects,
        };

    public static DtsMigrateException StatementFormat(string objects, string statement, BinlogCoordinate at) =>
        new("StatementFormat", $"A change of {objects} is in the binary log as a statement and not as rows, ending at {at}: {Shorten(statement)}")
        {
            RecommendedAction = "Set binlog_format = ROW for all sessions of the source, and migrate the objects concerned in a new task.",
            Target = objects,
        };

    public static DtsMigrateException UnknownStatement(string statement, BinlogCoordinate at) =>
        new("UnknownStatement", $"A statement in the binary log, ending at {at}, is not understood: {Shorten(statement)}")
        {
            RecommendedAction = "Report the statement. Nothing after it is applied.",
        };

    public static DtsMigrateException XaPrepareMissing(string xid, BinlogCoordinate at, Exception? inner = null) =>
        new("XaPrepareMissing", $"XA transaction {xid} was committed, and the source's binary log no longer has the changes that it logged at XA PREPARE (looked for at and before {at}).", inner)
        {
            RecommendedAction = "Migrate in a new task, with a longer binlog_expire_logs_seconds on the source than XA transactions stay prepared.",
        };

    public static DtsMigrateException Incident(string message, BinlogCoordinate at) =>
        new("SourceIncident", $"The source reports that its binary log is incomplete at {at}: {message}")
        {
            RecommendedAction = "Changes were lost on the source's side: migrate in a new task.",
        };

    public static DtsMigrateException GtidMissing(BinlogCoordinate at) =>
        new("GtidMissing", $"A transaction without GTID is in the binary log at {at}, though gtid_mode is ON.")
        {
            RecommendedAction = "Keep gtid_mode ON and enforce_gtid_consistency ON on the source, and migrate in a new task.",
        };

    public static DtsMigrateException BinlogPurged(string position, string missing, Exception? inner = null) =>
        new("BinlogPurged", $"The source no longer has the binary log that follows position '{position}': {missing}", inner)
        {
            RecommendedAction = "Migrate in a new task, with a longer binlog_expire_logs_seconds on the source. The stream is never continued from a later place: changes would be missing.",
        };

    public static DtsMigrateException BinlogUnreadable(string position, string cause, Exception inner) =>
        new("BinlogUnreadable", $"The source has the binary log that follows position '{position}', and cannot send it: {cause}", inner)
        {
            RecommendedAction = "Read the source's error log. When the cause is removed, start the task again; when the log is damaged, migrate in a new task. The stream is never continued from a later place: changes would be missing.",
        };

    public static DtsMigrateException SourceRestored(string detail) =>
        new("SourceRestored", $"The source is not the server, or not in the state, that this task has read from: {detail}")
        {
            RecommendedAction = "Point the task to the server it was reading from, or migrate in a new task.",
        };

    private static string Shorten(string statement) => statement.Length <= LongestStatement ? statement : statement[..LongestStatement] + " …";
}
