namespace DtsMigrate.Engine.Connections;

/// <summary>What a test of a connection has found, flat for pipelines.</summary>
public sealed record ConnectionTest
{
    /// <summary>Name of the connection; the server when it has none.</summary>
    public required string Name { get; init; }

    /// <summary><c>host:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>Account.</summary>
    public required string User { get; init; }

    /// <summary>Passed or Failed.</summary>
    public required string Outcome { get; init; }

    /// <summary>Version of the server as it says; null when there is no connection.</summary>
    public string? Version { get; init; }

    /// <summary>TLS in force, for example <c>TLSv1.3</c>; <c>none</c> without.</summary>
    public string? Tls { get; init; }

    /// <summary>Milliseconds of a round trip: the median of nine.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>Milliseconds until the session was open.</summary>
    public double? ConnectMs { get; init; }

    /// <summary>server_uuid.</summary>
    public string? ServerUuid { get; init; }

    /// <summary>Binary log in words: <c>ROW, FULL</c>, or <c>off</c>.</summary>
    public string? BinaryLog { get; init; }

    /// <summary>gtid_mode.</summary>
    public string? GtidMode { get; init; }

    /// <summary>read_only or super_read_only is on.</summary>
    public bool? ReadOnly { get; init; }

    /// <summary>Privileges of the account with what they are on, for example <c>SELECT, INSERT ON `shop`.*</c>.</summary>
    public IReadOnlyList<string> Privileges { get; init; } = [];

    /// <summary>Why it failed; null when it passed.</summary>
    public string? Error { get; init; }

    /// <summary>Stable code of the error.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>What to do about it.</summary>
    public string? RecommendedAction { get; init; }
}
