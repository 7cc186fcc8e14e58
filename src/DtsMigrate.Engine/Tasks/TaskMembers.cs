namespace DtsMigrate.Engine.Tasks;

/// <summary>The members that a definition may have, object by object, and those that later versions will understand.</summary>
internal static class TaskMembers
{
    public static readonly string[] Root = ["version", "name", "source", "destination", "migrationTypes", "dml", "ddl", "objects", "accounts", "conflictMode", "options"];
    public static readonly string[] Connection = ["host", "port", "otherHosts", "user", "password", "tls", "tlsCa", "allowPublicKeyRetrieval"];
    public static readonly string[] Password = ["env", "optionFile", "group", "secret", "vault", "empty"];
    public static readonly string[] Database = ["to", "all", "tables", "dml", "ddl"];
    public static readonly string[] Table = ["to", "dml", "ddl"];

    public static readonly string[] Options =
    [
        "retryFailedConnectionsMinutes", "retryOtherIssuesMinutes", "copyThreads", "chunkBytes", "destinationBinlog", "lateIndexes", "applyMode", "replicaServerId", "throttle",
        "size", "loadLimits", "destinationTuning", "definerMode", "triggerMethod", "migrateEvents", "environmentTag", "requireApprovals", "migrationAssessment", "alerts", "autoRecoveryDays", "heartbeat",
        "ddlFailure", "generatedColumns", "onlineDdl", "onlineDdlShadow", "onlineDdlTrash", "binlogSpoolMegabytes",
        "capitalization", "collationMap",
    ];

    public static readonly string[] Alerts = ["onFailure", "lagSeconds", "fullMigrationMinutes", "webhook", "command", "smtpServer", "smtpTls", "smtpTlsCa", "smtpUser", "smtpPassword", "mailFrom", "mailTo"];
    public static readonly string[] MailPassword = ["env", "secret", "vault"];

    public static readonly string[] LoadLimits =
    [
        "threadsRunning", "replicaLagSeconds", "historyLength", "destinationThreadsRunning", "destinationRedoPercent", "replica",
    ];

    public static readonly string[] Throttle =
    [
        "fullQueriesPerSecond", "fullRowsPerSecond", "fullMegabytesPerSecond", "incrementalRowsPerSecond", "incrementalMegabytesPerSecond",
    ];

    /// <summary>
    /// Words for what this version cannot do. A definition that has one means something by it, so it is refused by name rather than taken for a typing error.
    /// </summary>
    public static readonly string[] NotSupported =
    [
        "where", "filter", "columns", "exclude", "additionalColumns", "etl", "sqlOperations",
        "views", "routines", "procedures", "functions", "triggers", "events",
        "verification", "throttling", "rateLimit", "maxRowsPerSecond", "maxBytesPerSecond", "applyThreads",
        "monitoring", "schedule", "cutover", "reverse", "sshTunnel",
    ];
}
