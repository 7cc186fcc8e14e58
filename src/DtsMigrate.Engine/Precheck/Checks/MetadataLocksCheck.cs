using System.Globalization;
using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>No session of the source holds or waits for a lock that would keep selected tables from being read; names the threads.</summary>
internal sealed class MetadataLocksCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "MetadataLocks";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasRows || context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        // MySQL manual, "The metadata_locks Table". The instrument is on by default from 8.0 on.
        const string Instrument = "SELECT ENABLED FROM performance_schema.setup_instruments WHERE NAME='wait/lock/metadata/sql/mdl'";
        const string Locks =
            "SELECT m.OBJECT_TYPE, m.OBJECT_SCHEMA, m.OBJECT_NAME, m.LOCK_TYPE, m.LOCK_STATUS, t.PROCESSLIST_ID, t.PROCESSLIST_USER, t.PROCESSLIST_TIME "
            + "FROM performance_schema.metadata_locks m JOIN performance_schema.threads t ON t.THREAD_ID=m.OWNER_THREAD_ID WHERE t.PROCESSLIST_ID<>CONNECTION_ID() AND ("
            + "(m.OBJECT_TYPE='TABLE' AND (m.LOCK_STATUS='PENDING' OR m.LOCK_TYPE IN ('EXCLUSIVE','SHARED_NO_READ_WRITE','SHARED_NO_WRITE','SHARED_UPGRADABLE')))"
            + " OR (m.OBJECT_TYPE='GLOBAL' AND m.LOCK_TYPE='SHARED'))";
        var server = context.Source;
        if (!server.IsOn("performance_schema"))
        {
            return [new Finding(PrecheckOutcome.Skipped, "source", "Metadata locks cannot be seen: performance_schema is OFF.", "Look at SHOW PROCESSLIST for statements that wait or alter tables.")];
        }

        try
        {
            var instrument = await server.Session.QueryRowsAsync(Instrument, cancellationToken).ConfigureAwait(false);
            if (instrument.Count == 0 || instrument[0].GetString(0) != "YES")
            {
                return [new Finding(
                    PrecheckOutcome.Skipped,
                    "source",
                    "Metadata locks cannot be seen: the instrument wait/lock/metadata/sql/mdl is off.",
                    "Turn it on to have this judged.",
                    "UPDATE performance_schema.setup_instruments SET ENABLED='YES' WHERE NAME='wait/lock/metadata/sql/mdl';")];
            }

            var rows = await server.Session.QueryRowsAsync(Locks, cancellationToken).ConfigureAwait(false);
            var selection = context.Selection;
            return [Judge([.. rows
                .Where(r => r.GetString(0) == "GLOBAL" || selection.Selects(new QualifiedName(r.GetString(1), r.GetString(2))))
                .Select(r => (
                    r.GetString(0) == "GLOBAL" ? "all tables" : $"{r.GetString(1)}.{r.GetString(2)}",
                    r.GetString(3),
                    r.GetString(4) == "PENDING",
                    r.GetInt64(5),
                    r.GetStringOrNull(6) ?? "?",
                    r.IsNull(7) ? 0 : r.GetInt64(7)))])];
        }
        catch (MySqlServerException e) when (Unseen.Is(e))
        {
            string account = (await AccountPrivileges.ReadAsync(server, cancellationToken).ConfigureAwait(false)).Account;
            return [Unseen.Of("source", "Metadata locks cannot be seen.", "SELECT ON performance_schema.*", account)];
        }
    }

    /// <summary>Judges locks of other sessions that keep a table from being read, or will soon.</summary>
    internal static Finding Judge(IReadOnlyCollection<(string Table, string Type, bool Waits, long Thread, string User, long Seconds)> locks)
    {
        string[] found = [.. locks.OrderByDescending(l => l.Seconds).Select(l => string.Create(
            CultureInfo.InvariantCulture, $"thread {l.Thread} ({l.User}) {(l.Waits ? "waits for" : "holds")} {l.Type} on {l.Table} for {l.Seconds} s"))];
        return found.Length == 0
            ? Finding.Passed("source", "No session holds or waits for a lock that would keep the selected tables from being read.")
            : Finding.Warning(
                "source",
                $"Sessions lock selected tables: {Finding.List(found)}. Reading such a table waits for them, and a statement that waits for a lock makes everybody behind it wait.",
                "Let them end first, or end them with KILL.") with
            { Evidence = string.Join(", ", locks.Select(l => $"{l.Thread} {l.Type} {l.Table}").Order(StringComparer.Ordinal)) };
    }
}
