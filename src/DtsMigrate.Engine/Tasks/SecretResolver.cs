using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Finds the passwords of a task.</summary>
public sealed class SecretResolver
{
    /// <summary>Creates a resolver.</summary>
    /// <param name="vault">Reads a secret of SecretManagement; null where there is no PowerShell.</param>
    /// <param name="source">Password of the source handed over by the launcher; wins over the definition.</param>
    /// <param name="destination">Password of the destination handed over by the launcher; wins over the definition.</param>
    public SecretResolver(Func<PasswordReference, CancellationToken, Task<Secret>>? vault = null, Secret? source = null, Secret? destination = null) =>
        _ = (vault, source, destination);

    /// <summary>The password of one side.</summary>
    /// <param name="role"><c>source</c> or <c>destination</c>.</param>
    /// <param name="definition">The side.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">
    /// PasswordMissing, PasswordVariableMissing, PasswordFileUnreadable, PasswordNotInFile, PasswordVaultUnavailable.
    /// </exception>
    public Task<Secret> ResolveAsync(string role, ConnectionDefinition definition, CancellationToken cancellationToken) => throw new NotImplementedException();
}
