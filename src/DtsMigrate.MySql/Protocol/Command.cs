namespace DtsMigrate.MySql.Protocol;

/// <summary>First byte of a command packet (enum_server_command).</summary>
internal enum Command : byte
{
    Quit = 0x01,
    Query = 0x03,
    Ping = 0x0e,
    BinlogDump = 0x12,
    RegisterReplica = 0x15,
    BinlogDumpGtid = 0x1e,
}
