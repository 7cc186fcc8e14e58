namespace DtsMigrate.MySql.Session;

/// <summary>How the server answers one statement of COM_QUERY.</summary>
internal enum ResponseKind
{
    /// <summary>An OK packet: no rows.</summary>
    Ok,

    /// <summary>A result set follows.</summary>
    Rows,

    /// <summary>The server asks for the stream of LOAD DATA LOCAL.</summary>
    LocalInfile,
}
