namespace DtsMigrate.MySql.Protocol;

/// <summary>Capability flags exchanged in the handshake. Source documentation of the server: "Capabilities Flags".</summary>
[Flags]
internal enum CapabilityFlags : uint
{
    None = 0,
    LongPassword = 1u << 0,

    /// <summary>UPDATE reports matched rows, not changed ones: an idempotent replay then counts the same as the first run.</summary>
    FoundRows = 1u << 1,
    LongFlag = 1u << 2,
    ConnectWithDatabase = 1u << 3,
    LocalFiles = 1u << 7,
    Protocol41 = 1u << 9,
    Ssl = 1u << 11,
    Transactions = 1u << 13,
    SecureConnection = 1u << 15,
    MultiStatements = 1u << 16,
    MultiResults = 1u << 17,
    PluginAuth = 1u << 19,
    ConnectAttributes = 1u << 20,
    PluginAuthLenEncData = 1u << 21,
    DeprecateEof = 1u << 24,
}
