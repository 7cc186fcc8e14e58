using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>Name of an account or role (MySQL manual, "Specifying Account Names").</summary>
/// <param name="User">User part; empty for the anonymous one.</param>
/// <param name="Host">Host part.</param>
public readonly record struct AccountName(string User, string Host)
{
    /// <summary>Selects every account that is no system account.</summary>
    public const string All = "*";

    // Accounts that servers and managed services create for themselves.
    private static readonly string[] SystemUsers =
    [
        "root", "mysql.sys", "mysql.session", "mysql.infoschema", "rdsadmin", "rdsrepladmin", "aliyun_root", "aurora", "aurora_proxy", "replicator", "azure_superuser", "cloudsqladmin",
        "cloudsqlapplier", "cloudsqlexport", "cloudsqlimport", "cloudsqlreplica",
    ];

    /// <summary>An account of the server itself or of its administrator: never migrated.</summary>
    public bool IsSystem => SystemUsers.Contains(User, StringComparer.Ordinal);

    /// <summary>Reads <c>user@host</c>; a user alone is at any host. The last <c>@</c> divides.</summary>
    public static AccountName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.LastIndexOf('@');
        return at < 0 ? new AccountName(text, "%") : new AccountName(text[..at], text[(at + 1)..]);
    }

    /// <summary>Quoted for SQL.</summary>
    public string ToSql() => $"{SqlText.Name(User)}@{SqlText.Name(Host)}";

    /// <inheritdoc/>
    public override string ToString() => $"{User}@{Host}";
}
