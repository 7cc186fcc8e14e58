using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>Plans the migration of accounts: reads both sides, changes nothing.</summary>
public static class AccountPlanner
{
    // What these servers keep of a key belongs to the device and to the server that it was made for.
    private static readonly string[] DeviceBound = ["authentication_webauthn", "authentication_fido"];

    /// <summary>What becomes of each selected account, in the order in which they are to be created.</summary>
    /// <param name="task">The task; its accounts.</param>
    /// <param name="source">Session to the source.</param>
    /// <param name="destination">Session to the destination.</param>
    /// <param name="selection">Names on the destination.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<IReadOnlyList<AccountPlan>> PlanAsync(MigrationTask task, MySqlSession source, MySqlSession destination, ObjectSelection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        var origin = await AccountSettings.ReadAsync(source, cancellationToken).ConfigureAwait(false);
        var ours = await AccountReader.OpenAsync(source, cancellationToken).ConfigureAwait(false);
        var theirs = await AccountReader.OpenAsync(destination, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<AccountName> names;
        try
        {
            names = task.Accounts.Contains(AccountName.All) ? await ours.ListAsync(cancellationToken).ConfigureAwait(false) : [.. task.Accounts.Select(AccountName.Parse).Distinct()];
        }
        catch (MySqlServerException e)
        {
            return [new AccountPlan(AccountName.All, AccountClass.Impossible, [$"the source account may not list accounts: {e.ServerMessage}"]) { WantedOnSource = [SeeAccounts(origin)] }];
        }

        var facts = await DestinationAccounts.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        var (from, to) = (source.ServerVersion, destination.ServerVersion);
        facts = facts with { PrintsAlike = from.IsSameSeries(to) };
        var selected = names.Select(n => n.ToSql()).ToHashSet(StringComparer.Ordinal);
        selected.UnionWith(facts.Existing);
        var grants = new GrantPlanner(selection, facts.Own, facts.Privileges, selected, facts.MayGiveProxies)
        {
            SourceHasPatterns = !origin.HasPartialRevokes,
            DestinationHasPatterns = !facts.HasPartialRevokes,
        };
        var plans = new List<AccountPlan>(names.Count);
        foreach (var name in names)
        {
            plans.Add(await PlanAsync(name, ours, theirs, origin, facts, grants, cancellationToken).ConfigureAwait(false));
        }

        return plans;
    }

    private static async Task<AccountPlan> PlanAsync(
        AccountName name, AccountReader ours, AccountReader theirs, AccountSettings origin, DestinationAccounts facts, GrantPlanner grants, CancellationToken cancellationToken)
    {
        if (name.IsSystem)
        {
            return Impossible(name, "it is an account of the server itself");
        }

        if (name.ToString() == facts.OwnName)
        {
            return Impossible(name, "it is the account with which the task writes to the destination");
        }

        AccountDefinition? account;
        try
        {
            account = await ours.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e)
        {
            return Impossible(name, $"the source account may not see it: {e.ServerMessage}") with { WantedOnSource = [SeeAccounts(origin)] };
        }

        AccountDefinition? existing;
        try
        {
            existing = await theirs.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e)
        {
            return Impossible(name, $"the destination account may not see whether it is there: {e.ServerMessage}") with
            {
                Wanted = [$"GRANT SELECT ON mysql.* TO {facts.Own.Account};", .. facts.Own.HasGlobally("CREATE USER") ? (string[])[] : [$"GRANT CREATE USER ON *.* TO {facts.Own.Account};"]],
            };
        }

        if (account is null)
        {
            return Impossible(name, "the source has no such account");
        }

        bool isThere = existing is not null && (facts.PrintsAlike ? existing.CreateSql == account.CreateSql : existing.Credentials == account.Credentials);
        if (existing is not null && !isThere)
        {
            return new AccountPlan(name.ToString(), AccountClass.Exists, ["an account of that name exists on the destination with another password or other settings"]);
        }

        if (account.Plugins.FirstOrDefault(p => !facts.Plugins.Contains(p)) is { } missing)
        {
            return Impossible(name, $"the destination does not have the authentication plugin {missing}");
        }

        if (!facts.Own.HasGlobally("AUTHENTICATION_POLICY_ADMIN") && AccountSettings.WhyRefused(facts.AuthenticationPolicy, account.Plugins) is { } refused)
        {
            return Impossible(name, refused) with { Wanted = [$"GRANT AUTHENTICATION_POLICY_ADMIN ON *.* TO {facts.Own.Account};"] };
        }

        if (!facts.Own.HasGlobally("CREATE USER"))
        {
            return Impossible(name, "the destination account lacks CREATE USER") with { Wanted = [$"GRANT CREATE USER ON *.* TO {facts.Own.Account};"] };
        }

        var leftOut = new List<string>();
        List<string> statements = [.. grants.WithoutNarrowed(account.Grants, leftOut).Select(g => grants.Plan(g, name, leftOut)).OfType<string>()];
        if (account.DefaultRoles is { } roles)
        {
            AddDefaultRoles(name, roles, facts, statements, leftOut);
        }

        if (!account.IsRole)
        {
            leftOut.AddRange(origin.MandatoryRoles.Except(facts.MandatoryRoles, StringComparer.Ordinal).Select(r => $"mandatory role {r}: every account has it on the source, by mandatory_roles, and not on the destination"));
        }

        leftOut.AddRange(account.Plugins.Where(DeviceBound.Contains).Select(p => $"the device of its factor {p}: it must be registered anew"));
        if (account.HasSecondPassword is not false)
        {
            leftOut.Add(account.HasSecondPassword is true ? "the old password that is still valid beside the new one: servers do not give it away" : "an old password that is still valid, if there is one: it cannot be seen");
        }

        bool reduced = leftOut.Count > 0 && !(account.HasSecondPassword is null && leftOut.Count == 1);
        return new AccountPlan(name.ToString(), reduced ? AccountClass.Reduced : AccountClass.Full, leftOut)
        {
            IsThere = isThere,
            CreateSql = account.CreateSql,
            GrantSql = statements,
            Wanted = grants.TakeWanted(),
        };
    }

    private static void AddDefaultRoles(AccountName name, string roles, DestinationAccounts facts, List<string> statements, List<string> leftOut)
    {
        // Only what has been granted can be a default.
        bool granted = statements.Exists(s => s.StartsWith("GRANT `", StringComparison.Ordinal));
        if (granted && (facts.Own.HasGlobally("ROLE_ADMIN") || facts.Own.HasGlobally("SUPER") || facts.Own.HasGlobally("CREATE USER")) && !leftOut.Exists(l => l.StartsWith("role ", StringComparison.Ordinal)))
        {
            statements.Add($"SET DEFAULT ROLE {roles} TO {name.ToSql()}");
        }
        else
        {
            leftOut.Add($"default roles {roles}: they cannot all be granted");
        }
    }

    private static string SeeAccounts(AccountSettings source) => $"GRANT SELECT ON mysql.* TO {AccountName.Parse(source.Account).ToSql()};";

    private static AccountPlan Impossible(AccountName name, string why) => new(name.ToString(), AccountClass.Impossible, [why]);
}
