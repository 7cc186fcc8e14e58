namespace DtsMigrate.Testing;

/// <summary>How a test server is started. Everything has a default that suits a migration's source and destination.</summary>
public sealed class MySqlServerOptions
{
    private static int _lastServerId = Random.Shared.Next(1_000, 1_000_000);

    /// <summary>A short name for messages, such as "source".</summary>
    public string Name { get; init; } = "mysql";

    /// <summary>The series of the server, such as 5.7. Default null: the one that the machine has.</summary>
    public string? Series { get; init; }

    /// <summary>The server id. Default: a different one per server.</summary>
    public uint ServerId { get; init; } = (uint)Interlocked.Increment(ref _lastServerId);

    /// <summary>Whether the server writes a binlog. Default true.</summary>
    public bool BinaryLog { get; init; } = true;

    /// <summary>Whether GTIDs are on and enforced. Default true.</summary>
    public bool Gtid { get; init; } = true;

    /// <summary>
    /// Server options by name without dashes in front (<c>binlog-row-image</c> or <c>binlog_row_image</c>); they win over the
    /// defaults. An empty value gives the bare option, null takes a default out.
    /// </summary>
    public IDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long a start or a graceful stop may take. Default 60 seconds.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);
}
