using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>
/// Turns what an account is granted on the source into GRANT statements for the destination: names mapped, and without what the destination does not know or its account may not
/// give.
/// </summary>
/// <param name="selection">The task's objects.</param>
/// <param name="own">What the destination account may do.</param>
/// <param name="known">Privileges that the destination has, in upper case.</param>
/// <param name="accounts">Accounts that will exist on the destination, as SQL.</param>
/// <param name="mayGiveProxies">The destination account may grant PROXY.</param>
internal sealed class GrantPlanner(ObjectSelection selection, AccountPrivileges own, IReadOnlySet<string> known, IReadOnlySet<string> accounts, bool mayGiveProxies)
{
    private static readonly string[] OfTables =
        ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER", "CREATE VIEW", "SHOW VIEW", "TRIGGER"];

    private static readonly string[] OfDatabases =
        [.. OfTables, "CREATE TEMPORARY TABLES", "LOCK TABLES", "EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE", "EVENT"];

    private readonly Dictionary<string, List<string>> _wanted = new(StringComparer.Ordinal);

    /// <summary>Names of databases in grants are patterns on the source: not with partial_revokes ON.</summary>
    public bool SourceHasPatterns { get; init; } = true;

    /// <summary>The same of the destination, which then cannot take a part of a global privilege away.</summary>
    public bool DestinationHasPatterns { get; init; } = true;

    private readonly NameMap _names = StoredObjects.StoredObjectRewriter.Names(selection);

    /// <summary>GRANT statements for the destination account itself, for what it lacked since this was last asked.</summary>
    public IReadOnlyList<string> TakeWanted()
    {
        string[] wanted = [.. _wanted.Select(w => $"GRANT {string.Join(", ", w.Value)} ON {w.Key} TO {own.Account} WITH GRANT OPTION;")];
        _wanted.Clear();
        return wanted;
    }

    /// <summary>Notes that the destination account lacks a privilege, with the right to give it.</summary>
    public void Want(string privilege, string where)
    {
        if (!_wanted.TryGetValue(where, out var list))
        {
            _wanted.Add(where, list = []);
        }

        if (!list.Contains(privilege))
        {
            list.Add(privilege);
        }
    }

    /// <summary>The lines without global privileges of which a part is revoked, where the destination cannot revoke parts: the whole would be more than the source gives.</summary>
    public IReadOnlyList<GrantLine> WithoutNarrowed(IReadOnlyList<GrantLine> lines, List<string> leftOut)
    {
        if (!DestinationHasPatterns || !lines.Any(l => l.Kind == GrantKind.PartialRevoke))
        {
            return lines;
        }

        var narrowed = lines.Where(l => l.Kind == GrantKind.PartialRevoke).SelectMany(l => l.Items.Select(i => i.Privilege)).ToHashSet(StringComparer.Ordinal);
        leftOut.AddRange(narrowed.Select(p => $"{p} on *.*: it is revoked for some databases, which takes partial_revokes ON on the destination"));
        return
        [
            .. lines.Where(l => l.Kind != GrantKind.PartialRevoke)
                .Select(l => l.Kind == GrantKind.Objects && l.Database is null ? l with { Items = [.. l.Items.Where(i => !narrowed.Contains(i.Privilege))] } : l)
                .Where(l => l.Items.Count > 0 || l.Kind == GrantKind.Proxy),
        ];
    }

    /// <summary>The statement of a line; null when nothing of it is left.</summary>
    /// <param name="line">Line of SHOW GRANTS.</param>
    /// <param name="account">The account.</param>
    /// <param name="leftOut">Takes what is left out, in words.</param>
    public string? Plan(GrantLine line, AccountName account, List<string> leftOut) => line.Kind switch
    {
        GrantKind.Roles => PlanRoles(line, account, leftOut),
        GrantKind.Proxy => PlanProxy(line, account, leftOut),
        GrantKind.Procedure or GrantKind.Function or GrantKind.Library => PlanRoutine(line, account, leftOut),
        _ => PlanObjects(line, account, leftOut),
    };

    private string? PlanRoles(GrantLine line, AccountName account, List<string> leftOut)
    {
        bool mayGive = own.HasGlobally("ROLE_ADMIN") || own.HasGlobally("SUPER");
        if (!mayGive)
        {
            Want("ROLE_ADMIN", "*.*");
        }

        string[] given = [.. line.Items.Select(i => i.Privilege).Where(r => mayGive && accounts.Contains(r))];
        leftOut.AddRange(line.Items.Select(i => i.Privilege).Except(given, StringComparer.Ordinal)
            .Select(r => $"role {r}: {(mayGive ? "it is neither selected nor on the destination" : "the destination account lacks ROLE_ADMIN")}"));
        return given.Length == 0 ? null : $"GRANT {string.Join(", ", given)} TO {account.ToSql()}{(line.HasOption ? " WITH ADMIN OPTION" : string.Empty)}";
    }

    private string? PlanProxy(GrantLine line, AccountName account, List<string> leftOut)
    {
        if (!mayGiveProxies || !accounts.Contains(line.Account!))
        {
            if (!mayGiveProxies)
            {
                Want("PROXY", "''@''");
            }

            leftOut.Add($"PROXY on {line.Account}: {(mayGiveProxies ? "it is neither selected nor on the destination" : "the destination account may not grant PROXY")}");
            return null;
        }

        return $"GRANT PROXY ON {line.Account} TO {account.ToSql()}{(line.HasOption ? " WITH GRANT OPTION" : string.Empty)}";
    }

    private string? PlanRoutine(GrantLine line, AccountName account, List<string> leftOut)
    {
        var source = new QualifiedName(line.Database!, line.Name!);
        if (!selection.SelectsWholeDatabase(source.Database))
        {
            leftOut.Add($"rights on {line.Kind} {source}: the task does not migrate it");
            return null;
        }

        var target = _names.Routine(source);
        return Format(line, account, $"{line.Kind.ToString().ToUpperInvariant()} {target.ToSql()}", line.Items, p => own.HasOnDatabase(p, target.Database), leftOut);
    }

    private string? PlanObjects(GrantLine line, AccountName account, List<string> leftOut)
    {
        if (line.Database is null)
        {
            return Format(line, account, "*.*", Expand(line.Items, p => known.Contains(p) && p is not ("GRANT OPTION" or "PROXY" or "USAGE"), known), own.HasGlobally, leftOut);
        }

        if (line.Name is null)
        {
            if (MapDatabase(line.Database, leftOut) is not { } pattern)
            {
                return null;
            }

            string database = (DestinationHasPatterns ? Unescape(pattern) : null) ?? pattern;
            return Format(line, account, $"{SqlText.Name(pattern)}.*", Expand(line.Items, p => own.HasOnDatabase(p, database), OfDatabases), p => own.HasOnDatabase(p, database), leftOut);
        }

        var source = new QualifiedName(line.Database, line.Name);
        if (!selection.Selects(source))
        {
            leftOut.Add($"rights on table {source}: the task does not migrate it");
            return null;
        }

        var target = _names.Table(source);
        return Format(line, account, target.ToSql(), Expand(line.Items, p => own.HasOnTable(p, target), OfTables), p => own.HasOnTable(p, target), leftOut);
    }

    // ALL PRIVILEGES stays where the account may give all; otherwise it becomes those that it may give.
    private static IReadOnlyList<(string Privilege, string Columns)> Expand(IReadOnlyList<(string Privilege, string Columns)> items, Func<string, bool> mayGive, IEnumerable<string> all)
    {
        bool isAll = items is [{ Privilege: "ALL PRIVILEGES" or "ALL" }];
        return isAll && !all.All(mayGive) ? [.. all.Select(p => (p, string.Empty))] : items;
    }

    private string? Format(
        GrantLine line, AccountName account, string where, IReadOnlyList<(string Privilege, string Columns)> items, Func<string, bool> holds, List<string> leftOut)
    {
        var given = new List<string>();
        foreach (var (privilege, columns) in items)
        {
            string? why = privilege is "USAGE" or "ALL PRIVILEGES" or "ALL" ? null
                : !known.Contains(privilege) ? "the destination does not know it"
                : !holds(privilege) ? "the destination account does not have it"
                : null;
            if (why is null)
            {
                given.Add(privilege + columns);
            }
            else
            {
                leftOut.Add($"{privilege}{columns} on {where}: {why}");
                if (known.Contains(privilege))
                {
                    Want(privilege, where);
                }
            }
        }

        bool option = line.HasOption;
        if (given is ["USAGE"] && !option)
        {
            // Every account has it. Granting it would take GRANT OPTION on the whole server.
            return null;
        }

        if (given.Count > 0 && !holds("GRANT OPTION"))
        {
            given.ForEach(p => Want(p, where));
            leftOut.Add($"{string.Join(", ", given)} on {where}: the destination account may not grant there");
            return null;
        }

        return given.Count == 0 ? null
            : line.Kind == GrantKind.PartialRevoke ? $"REVOKE {string.Join(", ", given)} ON {where} FROM {account.ToSql()}"
            : $"GRANT {string.Join(", ", given)} ON {where} TO {account.ToSql()}{(option ? " WITH GRANT OPTION" : string.Empty)}";
    }

    // A pattern that stands for one database is mapped; one that stands for several stays.
    private string? MapDatabase(string name, List<string> leftOut)
    {
        if (!SourceHasPatterns)
        {
            string mapped = _names.Database(name);
            return DestinationHasPatterns ? Escape(mapped) : mapped;
        }

        if (Unescape(name) is { } one)
        {
            string mapped = _names.Database(one);
            return !DestinationHasPatterns ? mapped : mapped == one ? name : Escape(mapped);
        }

        if (!DestinationHasPatterns)
        {
            leftOut.Add($"rights on databases like {SqlText.Name(name)}: the destination has partial_revokes ON and takes names by the letter");
            return null;
        }

        var covered = new AccountPrivileges(string.Empty, [$"GRANT SELECT ON {SqlText.Name(name)}.* TO `a`@`b`"], hasPatterns: true, StringComparer.Ordinal);
        leftOut.AddRange(selection.Databases
            .Where(d => covered.HasOnDatabase("SELECT", d) && !covered.HasOnDatabase("SELECT", _names.Database(d)))
            .Select(d => $"rights on database {d} by {SqlText.Name(name)}: it is {_names.Database(d)} on the destination"));
        return name;
    }

    private static string Escape(string database) =>
        database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal);

    // A bare underscore is a wildcard by the letter, but as good as always meant as itself: a selected database of that very name is it.
    private string? Unescape(string pattern)
    {
        string plain = pattern.Replace("\\_", "_", StringComparison.Ordinal).Replace("\\%", "%", StringComparison.Ordinal);
        bool isPattern = pattern.Replace("\\_", string.Empty, StringComparison.Ordinal).Replace("\\%", string.Empty, StringComparison.Ordinal).AsSpan().IndexOfAny('_', '%') >= 0;
        return !isPattern || selection.SelectsDatabase(plain) ? plain : null;
    }
}
