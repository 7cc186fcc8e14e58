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
            findings.Add(Finding.Warning("destination", $"Whether the definers exist on the destination cannot be seen: {e.ServerMessage}", "Grant the destination account SELECT on mysql.user, or make sure of it.", $"GRANT SELECT ON mysql.user TO {account.Account};"));
        }

        return findings.Count > 0 ? findings : [Finding.Passed("destination", $"{definers.Count} definers exist on the destination and may be named.")];
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
