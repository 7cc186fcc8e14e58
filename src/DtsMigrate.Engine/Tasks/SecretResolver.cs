using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Finds the passwords of a task. Its errors name variables and files, never what is in them.</summary>
public sealed class SecretResolver
{
    private readonly Func<PasswordReference, CancellationToken, Task<Secret>>? _vault;
    private readonly Secret? _source;
    private readonly Secret? _destination;
    private readonly Secret? _mail;

    /// <summary>Creates a resolver.</summary>
    /// <param name="vault">Reads a secret of SecretManagement; null where there is no PowerShell.</param>
    /// <param name="source">Password of the source handed over by the launcher; wins over the definition.</param>
    /// <param name="destination">Password of the destination handed over by the launcher; wins over the definition.</param>
    /// <param name="mail">Password of the account at the mail server handed over by the launcher; wins over the definition.</param>
    public SecretResolver(Func<PasswordReference, CancellationToken, Task<Secret>>? vault = null, Secret? source = null, Secret? destination = null, Secret? mail = null)
    {
        _mail = mail;
        _vault = vault;
        _source = source;
        _destination = destination;
    }

    /// <summary>The password of one side.</summary>
    /// <param name="role"><c>source</c> or <c>destination</c>.</param>
    /// <param name="definition">The side.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">
    /// PasswordMissing, PasswordVariableMissing, PasswordFileUnreadable, PasswordNotInFile, PasswordVaultUnavailable.
    /// </exception>
    public async Task<Secret> ResolveAsync(string role, ConnectionDefinition definition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if ((role == "source" ? _source : _destination) is { } given)
        {
            return given;
        }

        return await FindAsync(role, definition.Password, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The password of the account at the mail server of alerts.</summary>
    /// <param name="password">Its place.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">As for a side.</exception>
    public async Task<Secret> ResolveMailAsync(PasswordReference password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        return _mail ?? await FindAsync("mail server", password, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Secret> FindAsync(string role, PasswordReference password, CancellationToken cancellationToken)
    {
        if (password.Empty)
        {
            return Secret.Empty;
        }

        if (password.Env is { } variable)
        {
            return Environment.GetEnvironmentVariable(variable) is { } value
                ? Secret.From(value)
                : throw Fail("PasswordVariableMissing", role, $"the environment variable '{variable}' is not set", $"Set {variable} for this process, or use {{ \"empty\": true }} for an account without a password.");
        }

        if (password.OptionFile is { } file)
        {
            return await FromFileAsync(role, file, password.OptionGroup ?? "client", cancellationToken).ConfigureAwait(false);
        }

        if (password.Secret is { } secret)
        {
            return _vault is null
                ? throw Fail("PasswordVaultUnavailable", role, $"the secret '{secret}' needs PowerShell SecretManagement, which this host does not have", "Start the task by Start-Migration, or refer to the password by env or optionFile.")
                : await _vault(password, cancellationToken).ConfigureAwait(false);
        }

        throw Fail("PasswordMissing", role, "the definition has no reference to it and none was handed over", "Add \"password\" to the definition: { \"env\": \"VARIABLE\" }, an option file, or { \"empty\": true }.");
    }

    private static async Task<Secret> FromFileAsync(string role, string file, string group, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fail("PasswordFileUnreadable", role, $"the option file '{file}' cannot be read: {e.Message}", "Check the path and the permissions of the file.", e);
        }

        return OptionFile.Find(text, group, "password") is { } value
            ? Secret.From(value)
            : throw Fail("PasswordNotInFile", role, $"group [{group}] of the option file '{file}' has no password", $"Add a line password=... to [{group}]; files named by !include are not read.");
    }

    private static DtsMigrateException Fail(string code, string role, string why, string remedy, Exception? inner = null) =>
        new(code, $"The password of the {role} cannot be found: {why}.", inner) { Target = role, RecommendedAction = remedy };
}
