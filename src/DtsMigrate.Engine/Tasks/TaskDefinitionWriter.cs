using System.Buffers;
using System.Text;
using System.Text.Json;
using DtsMigrate.Engine.Alerts;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Writes task definitions so that the reader reads the same task.</summary>
public static class TaskDefinitionWriter
{
    private static readonly JsonWriterOptions Format = new() { Indented = true, NewLine = "\n", Encoder = TaskJson.Options.Encoder };

    /// <summary>The definition as JSON, indented; never with a secret. Options are written even at their default.</summary>
    public static string ToJson(MigrationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            json.WriteNumber("version", MigrationTask.CurrentVersion);
            json.WriteString("name", task.Name);
            WriteConnection(json, "source", task.Source);
            WriteConnection(json, "destination", task.Destination);
            WriteTypes(json, task.MigrationTypes);
            task.Operations.Write(json);
            WriteObjects(json, task.Objects);
            if (task.Accounts.Count > 0)
            {
                json.WriteStartArray("accounts");
                foreach (string account in task.Accounts)
                {
                    json.WriteStringValue(account);
                }

                json.WriteEndArray();
            }

            json.WriteString("conflictMode", task.ConflictMode.ToString());
            WriteOptions(json, task.Options);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>A connection by itself as JSON, indented; never with a secret.</summary>
    public static string ToJson(ConnectionDefinition connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            json.WriteNumber("version", MigrationTask.CurrentVersion);
            WriteConnection(json, "connection", connection);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    internal static void WriteTypes(Utf8JsonWriter json, MigrationTypes types)
    {
        json.WriteStartArray("migrationTypes");
        foreach (MigrationTypes type in new[] { MigrationTypes.Schema, MigrationTypes.Full, MigrationTypes.Incremental })
        {
            if (types.HasFlag(type))
            {
                json.WriteStringValue(type.ToString());
            }
        }

        json.WriteEndArray();
    }

    internal static void WriteObjects(Utf8JsonWriter json, IEnumerable<DatabaseSelection> databases)
    {
        json.WriteStartObject("objects");
        foreach (DatabaseSelection database in databases)
        {
            json.WriteStartObject(database.Name);
            WriteTo(json, database.Name, database.To);
            if (database.All)
            {
                json.WriteBoolean("all", true);
            }

            database.Operations.Write(json);

            if (database.Tables.Count > 0)
            {
                json.WriteStartObject("tables");
                foreach (TableSelection table in database.Tables)
                {
                    json.WriteStartObject(table.Name);
                    WriteTo(json, table.Name, table.To);
                    table.Operations.Write(json);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteTo(Utf8JsonWriter json, string name, string to)
    {
        if (to != name)
        {
            json.WriteString("to", to);
        }
    }

    private static void WriteConnection(Utf8JsonWriter json, string side, ConnectionDefinition connection)
    {
        json.WriteStartObject(side);
        json.WriteString("host", connection.Host);
        json.WriteNumber("port", connection.Port);
        WriteIf(json, "otherHosts", connection.OtherHosts);
        json.WriteString("user", connection.User);
        WritePassword(json, connection.Password);
        json.WriteString("tls", connection.Tls.ToString());
        WriteIf(json, "tlsCa", connection.TlsCa);
        if (connection.AllowPublicKeyRetrieval)
        {
            json.WriteBoolean("allowPublicKeyRetrieval", true);
        }

        json.WriteEndObject();
    }

    private static void WritePassword(Utf8JsonWriter json, PasswordReference password)
    {
        if (password == new PasswordReference())
        {
            return;
        }

        json.WriteStartObject("password");
        WriteIf(json, "env", password.Env);
        WriteIf(json, "optionFile", password.OptionFile);
        WriteIf(json, "group", password.OptionGroup);
        WriteIf(json, "secret", password.Secret);
        WriteIf(json, "vault", password.Vault);
        if (password.Empty)
        {
            json.WriteBoolean("empty", true);
        }

        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, TaskOptions options)
    {
        json.WriteStartObject("options");
        json.WriteNumber("retryFailedConnectionsMinutes", options.RetryFailedConnectionsMinutes);
        json.WriteNumber("retryOtherIssuesMinutes", options.RetryOtherIssuesMinutes);
        json.WriteNumber("autoRecoveryDays", options.AutoRecoveryDays);
        json.WriteBoolean("heartbeat", options.Heartbeat);
        json.WriteNumber("binlogSpoolMegabytes", options.BinlogSpoolMegabytes);
        json.WriteString("size", TaskSizes.Name(options.Size));
        if (options.GivenCopyThreads is { } threads)
        {
            json.WriteNumber("copyThreads", threads);
        }

        if (options.GivenChunkBytes is { } bytes)
        {
            json.WriteNumber("chunkBytes", bytes);
        }

        json.WriteBoolean("destinationBinlog", options.DestinationBinlog);
        json.WriteString("lateIndexes", options.LateIndexes.ToString());
        json.WriteString("applyMode", options.ApplyMode.ToString());
        json.WriteString("definerMode", options.DefinerMode.ToString());
        json.WriteString("capitalization", options.Capitalization.ToString());
        CollationMapJson.Write(json, options.CollationMap);
        json.WriteString("triggerMethod", options.TriggerMethod.ToString());
        json.WriteBoolean("migrateEvents", options.MigrateEvents);
        json.WriteString("ddlFailure", options.DdlFailure.ToString());
        json.WriteString("generatedColumns", options.GeneratedColumns.ToString());
        OnlineDdlJson.Write(json, options.OnlineDdl);
        json.WriteNumber("replicaServerId", options.ReplicaServerId);
        OptionObjects.Write(json, options.Throttle);
        OptionObjects.Write(json, options.LoadLimits);
        json.WriteStartArray("destinationTuning");
        foreach (DestinationTuning tuning in Enum.GetValues<DestinationTuning>().Where(tuning => tuning != DestinationTuning.None && options.DestinationTuning.HasFlag(tuning)))
        {
            json.WriteStringValue(tuning.ToString());
        }

        json.WriteEndArray();
        json.WriteBoolean("requireApprovals", options.RequireApprovals);
        json.WriteBoolean("migrationAssessment", options.MigrationAssessment);
        AlertOptionsJson.Write(json, options.Alerts);
        WriteIf(json, "environmentTag", options.EnvironmentTag);
        json.WriteEndObject();
    }

    private static void WriteIf(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
