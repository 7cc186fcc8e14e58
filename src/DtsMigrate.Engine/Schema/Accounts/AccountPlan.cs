namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>What migrating one account comes to, known before anything is done.</summary>
/// <param name="Account">Account, as <c>user@host</c>.</param>
/// <param name="Class">How much of it can be migrated.</param>
/// <param name="LeftOut">What is left out and why, in words; for <see cref="AccountClass.Impossible"/> the reason.</param>
public sealed record AccountPlan(string Account, AccountClass Class, IReadOnlyList<string> LeftOut)
{
    /// <summary>What the destination account lacks for the whole of it: GRANT statements to be run there, without the account's name. Empty when a grant would not help.</summary>
    internal IReadOnlyList<string> Wanted { get; init; } = [];

    /// <summary>The same of the source account.</summary>
    internal IReadOnlyList<string> WantedOnSource { get; init; } = [];

    /// <summary>The account is on the destination as the task makes it: an earlier attempt of this task made it.</summary>
    internal bool IsThere { get; init; }

    /// <summary>CREATE USER with the hash of the password: never to be logged. Null when there is nothing to create.</summary>
    internal string? CreateSql { get; init; }

    /// <summary>GRANT, REVOKE and SET DEFAULT ROLE, in order; to be run once the objects are there.</summary>
    internal IReadOnlyList<string> GrantSql { get; init; } = [];
}
