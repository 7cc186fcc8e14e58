using System.Collections.Concurrent;
using System.Management.Automation;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>
/// Passwords that came as credentials to New-MigrationTask, kept in this process's memory for the cmdlets that follow in the same session. Nothing of it is written.
/// </summary>
internal static class SessionSecrets
{
    private static readonly ConcurrentDictionary<(string Folder, string Role), Secret> Secrets = new();

    /// <summary>Keeps or, with null, forgets the password of one side of the task in a folder.</summary>
    public static void Set(string folder, string role, Secret? secret)
    {
        if (secret is null)
        {
            Secrets.TryRemove((folder, role), out _);
        }
        else
        {
            Secrets[(folder, role)] = secret;
        }
    }

    /// <summary>The password of one side; null when there is none.</summary>
    public static Secret? Get(string folder, string role) => Secrets.GetValueOrDefault((folder, role));

    /// <summary>Forgets all.</summary>
    public static void Clear() => Secrets.Clear();

    /// <summary>The password in a credential.</summary>
    public static Secret? From(PSCredential? credential) => credential is null ? null : Secret.From(credential.GetNetworkCredential().Password);
}
