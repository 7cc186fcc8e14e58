namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>How much of an account can be migrated.</summary>
public enum AccountClass
{
    /// <summary>All of it.</summary>
    Full,

    /// <summary>The account without some of its rights or settings.</summary>
    Reduced,

    /// <summary>Nothing of it.</summary>
    Impossible,

    /// <summary>An account of that name is on the destination already, with other content.</summary>
    Exists,
}
