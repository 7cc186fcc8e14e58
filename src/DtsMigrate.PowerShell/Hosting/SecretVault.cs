using System.Management.Automation;
using System.Net;
using System.Security;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Reads a secret of the SecretManagement module, which is called by name and need not be installed.</summary>
internal static class SecretVault
{
    private const string Module = "Microsoft.PowerShell.SecretManagement";

    /// <summary>Reads a secret. Called on the pipeline thread: a vault may ask for its own password.</summary>
    /// <exception cref="DtsMigrateException">PasswordVaultUnavailable, PasswordNotInVault.</exception>
    public static Secret Read(PasswordReference reference)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand($@"{Module}\Get-Secret").AddParameter("Name", reference.Secret).AddParameter("ErrorAction", ActionPreference.Stop);
        if (reference.Vault is not null)
        {
            shell.AddParameter("Vault", reference.Vault);
        }

        try
        {
            return shell.Invoke().Select(item => item?.BaseObject).ToArray() switch
            {
                [PSCredential credential] => Secret.From(credential.GetNetworkCredential().Password),
                [SecureString secure] => Secret.From(new NetworkCredential(string.Empty, secure).Password),
                [string text] => Secret.From(text),
                _ => throw new DtsMigrateException("PasswordNotInVault", $"The secret '{reference.Secret}' is not one text or credential.") { Target = reference.Secret },
            };
        }
        catch (CommandNotFoundException e)
        {
            throw new DtsMigrateException("PasswordVaultUnavailable", $"The secret '{reference.Secret}' cannot be read: the module {Module} is not installed.", e)
            {
                Target = reference.Secret,
                RecommendedAction = "Install it with a vault, or let the task refer to an environment variable or a MySQL option file.",
            };
        }
        catch (RuntimeException e)
        {
            throw new DtsMigrateException("PasswordNotInVault", $"The secret '{reference.Secret}' cannot be read: {e.Message}", e)
            {
                Target = reference.Secret,
                RecommendedAction = "Check its name and vault with Get-SecretInfo, and that the vault is unlocked.",
            };
        }
    }
}
