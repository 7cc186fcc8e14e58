namespace DtsMigrate.Testing;

/// <summary>Merges the defaults of a test server with what a caller wants, and writes them as arguments.</summary>
internal sealed class ServerSettings
{
    /// <summary>Settings that the data folder itself depends on: they belong to its initialisation too.</summary>
    private static readonly string[] Initial = ["lower-case-table-names", "innodb-page-size", "innodb-data-file-path"];

    private readonly SortedDictionary<string, string?> _values = new(StringComparer.Ordinal);

    internal ServerSettings(MySqlServerOptions options)
    {
        Set("server-id", options.ServerId.ToString());
        Set("innodb-buffer-pool-size", "256M");
        // 'loose': servers before 8.0.30 size their redo log by another option.
        Set("loose-innodb-redo-log-capacity", "128M");
        Set("loose-mysqlx", "OFF");
        Set("local-infile", "ON");
        Set("performance-schema", "ON");
        // Every commit still reaches the operating system, so it survives SIGKILL of the server; only a power cut would lose it.
        Set("innodb-flush-log-at-trx-commit", "2");
        Set("sync-binlog", "0");
        Set(options.BinaryLog ? "log-bin" : "skip-log-bin", options.BinaryLog ? "binlog" : "");
        var gtid = options.Gtid && options.BinaryLog ? "ON" : "OFF";
        Set("gtid-mode", gtid);
        Set("enforce-gtid-consistency", gtid);
        Change(options.Settings);
    }

    /// <summary>Arguments for initialising a data folder; they also name its template.</summary>
    internal IReadOnlyList<string> InitialArguments => [.. _values.Where(v => Initial.Contains(v.Key)).Select(Argument)];

    /// <summary>All settings as arguments.</summary>
    internal IReadOnlyList<string> Arguments => [.. _values.Select(Argument)];

    /// <summary>Overrides settings; null takes one out.</summary>
    internal void Change(IEnumerable<KeyValuePair<string, string?>> changes)
    {
        foreach (var (name, value) in changes)
        {
            var key = name.Trim('-').Replace('_', '-');
            _values.Remove("loose-" + key);
            _values.Remove(key);
            if (value is not null)
            {
                Set(key, value);
            }
        }
    }

    private static string Argument(KeyValuePair<string, string?> setting) =>
        string.IsNullOrEmpty(setting.Value) ? "--" + setting.Key : $"--{setting.Key}={setting.Value}";

    private void Set(string name, string value) => _values[name] = value;
}
