namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>What a line of SHOW GRANTS is about.</summary>
internal enum GrantKind
{
    /// <summary>The whole server, a database, or a table with or without columns.</summary>
    Objects,

    /// <summary>A procedure.</summary>
    Procedure,

    /// <summary>A function.</summary>
    Function,

    /// <summary>A library.</summary>
    Library,

    /// <summary>Roles.</summary>
    Roles,

    /// <summary>Acting as another account.</summary>
    Proxy,

    /// <summary>A part that is taken away from a global privilege.</summary>
    PartialRevoke,
}
