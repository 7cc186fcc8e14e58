namespace DtsMigrate.Engine.Precheck.Privileges;

/// <summary>Collects what an account lacks and words it: one GRANT statement per object.</summary>
internal sealed class MissingPrivileges
{
    private readonly AccountPrivileges _account;
    private readonly Dictionary<string, List<string>> _missing = new(StringComparer.Ordinal);

    /// <summary>Creates it.</summary>
    public MissingPrivileges(AccountPrivileges account) => _account = account;

    /// <summary>Requires a privilege on the whole server; any of the alternatives will do, the first is asked for.</summary>
    public void RequireGlobally(params ReadOnlySpan<string> alternatives)
    {
        foreach (string alternative in alternatives)
        {
            if (_account.HasGlobally(alternative))
            {
                return;
            }
        }

        Add("*.*", alternatives[0]);
    }

    /// <summary>Requires privileges on a whole database.</summary>
    public void RequireOnDatabase(string database, params ReadOnlySpan<string> privileges)
    {
        foreach (string privilege in privileges)
        {
            if (!_account.HasOnDatabase(privilege, database))
            {
                Add($"{_account.NameForGrant(database)}.*", privilege);
            }
        }
    }

    /// <summary>Requires privileges on a table.</summary>
    public void RequireOnTable(QualifiedName table, params ReadOnlySpan<string> privileges)
    {
        foreach (string privilege in privileges)
        {
            if (!_account.HasOnTable(privilege, table))
            {
                Add(table.ToSql(), privilege);
            }
        }
    }

    /// <summary>The result.</summary>
    public Finding ToFinding(string target, string purpose)
    {
        if (_missing.Count == 0)
        {
            return Finding.Passed(target, $"The account {_account.Account} has what {purpose} needs.");
        }

        string lacks = string.Join("; ", _missing.Select(m => $"{string.Join(", ", m.Value)} on {m.Key}"));
        string grants = string.Join(' ', _missing.Select(m => $"GRANT {string.Join(", ", m.Value)} ON {m.Key} TO {_account.Account};"));
        string roles = _account.InactiveRoles.Count == 0
            ? string.Empty
            : $" Its roles {string.Join(", ", _account.InactiveRoles)} are not active: SET DEFAULT ROLE ALL TO {_account.Account} may be all that is missing.";
        return Finding.Failed(target, $"The account {_account.Account} lacks privileges that {purpose} needs: {lacks}.", $"Grant them on the {target}.{roles}", grants);
    }

    private void Add(string where, string privilege)
    {
        if (!_missing.TryGetValue(where, out var list))
        {
            _missing.Add(where, list = []);
        }

        if (!list.Contains(privilege))
        {
            list.Add(privilege);
        }
    }
}
