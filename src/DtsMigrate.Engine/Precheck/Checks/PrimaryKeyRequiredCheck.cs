using DtsMigrate.Engine.Precheck.Privileges;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination takes tables without a primary key, where there are any.</summary>
internal sealed class PrimaryKeyRequiredCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "PrimaryKeyRequired";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string[] keyless = [.. context.Routes!.Where(r => !r.Definition.UniqueKeys.Any(k => k.Name == "PRIMARY")).Select(r => r.Source.ToString())];
        if (keyless.Length == 0 || !context.Destination.IsOn("sql_require_primary_key"))
        {
            return [Judge(keyless, isRequired: false, mayChange: true, string.Empty)];
        }

        var account = await AccountPrivileges.ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false);
        return [Judge(keyless, isRequired: true, account.MaySetRestricted, account.Account)];
    }

    /// <summary>Judges tables without a primary key by what the destination asks for and the account may change for its own sessions.</summary>
    internal static Finding Judge(IReadOnlyCollection<string> keyless, bool isRequired, bool mayChange, string account) => isRequired && !mayChange
        ? Finding.Failed(
            keyless.First(),
            $"sql_require_primary_key is ON at the destination, and {account} may not set it OFF for its sessions; these tables have no primary key and would be refused: {Finding.List(keyless)}.",
            "Grant SESSION_VARIABLES_ADMIN, or set it OFF for the time of the schema migration.",
            $"GRANT SESSION_VARIABLES_ADMIN ON *.* TO {account};")
        : Finding.Passed("destination", keyless.Count == 0 ? "Every selected table has a primary key." : $"The destination takes {keyless.Count} tables without a primary key.");
}
