using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination has a keyring where tables are encrypted.</summary>
internal sealed class TableEncryptionCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "TableEncryption";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string[] encrypted = [.. context.Routes!.Where(r => IsEncrypted(r.Definition.Options)).Select(r => r.Source.ToString())];
        if (encrypted.Length == 0)
        {
            return [Judge(encrypted, hasKeyring: true)];
        }

        var session = context.Destination.Session;
        var plugins = await session.QueryRowsAsync("SELECT 1 FROM information_schema.PLUGINS WHERE PLUGIN_NAME LIKE 'keyring%' AND PLUGIN_STATUS='ACTIVE'", cancellationToken).ConfigureAwait(false);
        if (plugins.Count > 0 || !context.Destination.Version.IsAtLeast(8, 0, 24))
        {
            return [Judge(encrypted, plugins.Count > 0)];
        }

        try
        {
            var components = await session.QueryRowsAsync("SELECT STATUS_VALUE FROM performance_schema.keyring_component_status WHERE STATUS_KEY='Component_status'", cancellationToken).ConfigureAwait(false);
            return [Judge(encrypted, components.Any(c => c.GetString(0).Equals("Active", StringComparison.OrdinalIgnoreCase)))];
        }
        catch (MySqlServerException e) when (Unseen.Is(e))
        {
            string account = (await AccountPrivileges.ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false)).Account;
            return [Unseen.Of("destination", $"Whether the destination has a keyring for encrypted tables cannot be seen: {Finding.List(encrypted)}.", "SELECT ON performance_schema.*", account)];
        }
    }

    /// <summary>Judges encrypted tables by the destination's keyring.</summary>
    internal static Finding Judge(IReadOnlyCollection<string> encrypted, bool hasKeyring) => encrypted.Count == 0
        ? Finding.Passed("source", "No selected table is encrypted.")
        : hasKeyring
            ? Finding.Passed("destination", $"{encrypted.Count} encrypted tables are encrypted at the destination, too, by its own keyring.")
            : Finding.Failed(encrypted.First(), $"The destination has no keyring, without which it refuses encrypted tables: {Finding.List(encrypted)}.", "Install a keyring component on the destination, or ALTER TABLE ... ENCRYPTION='N' on the source.");

    /// <summary>CREATE_OPTIONS say that the table is encrypted.</summary>
    internal static bool IsEncrypted(string options) =>
        options.Contains("ENCRYPTION='Y'", StringComparison.OrdinalIgnoreCase) || options.Contains("ENCRYPTION=\"Y\"", StringComparison.OrdinalIgnoreCase);
}
