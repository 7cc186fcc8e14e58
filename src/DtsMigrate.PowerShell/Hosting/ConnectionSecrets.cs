using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Finds the password of a connection: given with the cmdlet, kept by the session, or where the connection says.</summary>
internal static class ConnectionSecrets
{
    private const string Role = "connection";

    /// <summary>Keeps or, with null, forgets the password of a connection for this session.</summary>
    public static void Set(ConnectionStore store, string name, Secret? secret) => SessionSecrets.Set(store.PathOf(name), Role, secret);

    /// <summary>The password that the session keeps; null for none.</summary>
    public static Secret? Get(ConnectionStore store, string name) => SessionSecrets.Get(store.PathOf(name), Role);

    /// <summary>Finds it.</summary>
    /// <exception cref="DtsMigrateException">CredentialUserMismatch, PasswordMissing, or why the reference leads nowhere.</exception>
    public static async Task<Secret> ResolveAsync(ConnectionProfile profile, ConnectionStore store, PipelineThread pipeline, PSCredential? credential)
    {
        if (credential is not null && credential.UserName != profile.Definition.User)
        {
            throw new DtsMigrateException("CredentialUserMismatch", $"Connection '{profile.Name}' has the account '{profile.Definition.User}', but -Credential is for '{credential.UserName}'.")
            {
                Target = credential.UserName,
                RecommendedAction = $"Pass a credential for '{profile.Definition.User}'.",
            };
        }

        var resolver = new SecretResolver((reference, _) => pipeline.AskAsync(() => SecretVault.Read(reference)), destination: SessionSecrets.From(credential) ?? Get(store, profile.Name));
        try
        {
            return await resolver.ResolveAsync(Role, profile.Definition, pipeline.StopToken).ConfigureAwait(false);
        }
        catch (DtsMigrateException e) when (e.Code == "PasswordMissing")
        {
            throw new DtsMigrateException(e.Code, $"Connection '{profile.Name}' does not say where its password is, and this session has not been given it.", e)
            {
                Target = profile.Name,
                RecommendedAction = "Pass -Credential, or let the connection refer to an environment variable, a secret or a MySQL option file.",
            };
        }
    }
}
