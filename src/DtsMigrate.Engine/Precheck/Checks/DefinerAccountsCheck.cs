using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Where definers are kept: their accounts exist on the destination, and its account may name them.</summary>
internal sealed class DefinerAccountsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "DefinerAccounts";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Privileges;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && context.Task.Options.DefinerMode == DefinerMode.Keep;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        var definers = objects
            .Select(o => (Object: o, Definer: AccountOf(o)))
            .Where(d => d.Definer is not null)
            .GroupBy(d => d.Definer!.Value)
            .ToList();
        if (definers.Count == 0)
        {
            return [Finding.Passed("destination", "No object of the task has a definer.")];
        }

        var findings = new List<Finding>();
        var account = await AccountPrivileges.ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false);
        string own = (await context.Destination.Session.QueryRowsAsync("SELECT CURRENT_USER()", cancellationToken).ConfigureAwait(false))[0].GetString(0);
        bool mayName = account.HasGlobally("SET_ANY_DEFINER") || account.HasGlobally("SET_USER_ID") || account.HasGlobally("SUPER");
        if (!mayName && definers.Any(d => $"{d.Key.User}@{d.Key.Host}" != own))
        {
            string privilege = context.Destination.Version.IsAtLeast(8, 2) ? "SET_ANY_DEFINER" : context.Destination.Version.IsAtLeast(8) ? "SET_USER_ID" : "SUPER";
            findings.Add(Finding.Failed(
                "destination", $"The destination account may not create objects with another definer than itself; it lacks {privilege}.", "Grant it, or choose definerMode Destination.", $"GRANT {privilege} ON *.* TO {account.Account};"));
        }

        if (await RequireSystemUserAsync(context, account, [.. definers.Select(d => d.Key).Where(d => $"{d.User}@{d.Host}" != own)], cancellationToken).ConfigureAwait(false) is { } systemUser)
        {
            findings.Add(systemUser);
        }

        try
        {
            var users = await context.Destination.Session.QueryRowsAsync("SELECT User, Host FROM mysql.user", cancellationToken).ConfigureAwait(false);
            var known = users.Select(u => (u.GetString(0), u.GetString(1))).ToHashSet();
            findings.AddRange(definers.Where(d => !known.Contains(d.Key)).Select(d => Finding.Failed(
                $"'{d.Key.User}'@'{d.Key.Host}'",
                $"The account '{d.Key.User}'@'{d.Key.Host}' does not exist on the destination; it is the definer of {Finding.List([.. d.Select(o => o.Object.ToString())])}.",
                "Create the account there, or choose definerMode Destination.")));
        }
        catch (MySqlServerException e)
        {
            findings.Add(Finding.Warning("destination", $"Whether the definers exist on the destination cannot be seen: {e.ServerMessage}", "Grant the destination account SELECT on mysql.*, or make sure of it.", $"GRANT SELECT ON mysql.* TO {account.Account};"));
        }

        return findings.Count > 0 ? findings : [Finding.Passed("destination", $"{definers.Count} definers exist on the destination and may be named.")];
    }

    // MySQL manual, "SYSTEM_USER": a definer that has it may be named only by an account that has it, too.
    private static async Task<Finding?> RequireSystemUserAsync(
        PrecheckContext context, AccountPrivileges account, IReadOnlyCollection<(string User, string Host)> definers, CancellationToken cancellationToken)
    {
        if (definers.Count == 0 || !context.Destination.Version.IsAtLeast(8, 0, 16) || account.HasGlobally("SYSTEM_USER"))
        {
            return null;
        }

        string[] named;
        try
        {
            var rows = await context.Destination.Session.QueryRowsAsync("SELECT USER, HOST FROM mysql.global_grants WHERE PRIV='SYSTEM_USER'", cancellationToken).ConfigureAwait(false);
            named = [.. rows.Select(r => (r.GetString(0), r.GetString(1))).Intersect(definers).Select(d => $"'{d.Item1}'@'{d.Item2}'")];
        }
        catch (MySqlServerException)
        {
            // Of the administrator it is known without looking; whether others are system accounts is seen with the right that the last finding asks for.
            named = [.. definers.Where(d => d.User == "root").Select(d => $"'{d.User}'@'{d.Host}'")];
        }

        return named.Length == 0 ? null : Finding.Failed(
            named[0],
            $"{Finding.List(named)} {(named.Length == 1 ? "has" : "have")} SYSTEM_USER, so that only an account that has it, too, may name {(named.Length == 1 ? "it" : "them")} as definer; the destination account lacks it.",
            "Grant it, or choose definerMode Destination.",
            $"GRANT SYSTEM_USER ON *.* TO {account.Account};");
    }

    private static (string User, string Host)? AccountOf(StoredObject item)
    {
        if (StoredObjectRewriter.DefinerOf(item.CreateSql, item.Syntax) is not { } definer)
        {
            return null;
        }

        var tokens = new SqlTokens(definer, item.Syntax);
        return (tokens.Name(0), tokens.Count > 2 ? tokens.Name(2) : "%");
    }
}
