namespace DtsMigrate.MySql.Protocol;

/// <summary>Status flags in OK and EOF packets. Source documentation of the server: SERVER_STATUS_flags_enum.</summary>
[Flags]
internal enum ServerStatus : ushort
{
    None = 0,
    InTransaction = 0x0001,
    Autocommit = 0x0002,
    MoreResultsExist = 0x0008,
}
