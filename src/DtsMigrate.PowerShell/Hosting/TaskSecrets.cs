using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Finds both passwords of a task for a cmdlet: given with it, kept by the session, or where the definition says.</summary>
internal sealed class TaskSecrets
{
    private readonly MigrationTask _task;

    /// <summary>Creates the finder.</summary>
    /// <exception cref="DtsMigrateException">CredentialUserMismatch.</exception>
    public TaskSecrets(MigrationTask task, TaskFolder folder, PipelineThread pipeline, PSCredential? source, PSCredential? destination)
    {
        _task = task;
        CheckUser("Source", task.Source, source);
        CheckUser("Destination", task.Destination, destination);
        Resolver = new SecretResolver(
            (reference, _) => pipeline.AskAsync(() => SecretVault.Read(reference)),
            SessionSecrets.From(source) ?? SessionSecrets.Get(folder.FullPath, "source"),
            SessionSecrets.From(destination) ?? SessionSecrets.Get(folder.FullPath, "destination"));
    }

    /// <summary>What the engine asks.</summary>
    public SecretResolver Resolver { get; }

    /// <summary>Finds both.</summary>
    public async Task<(Secret Source, Secret Destination)> ResolveAsync(CancellationToken cancellationToken) => (
        await ResolveAsync("source", _task.Source, cancellationToken).ConfigureAwait(false),
        await ResolveAsync("destination", _task.Destination, cancellationToken).ConfigureAwait(false));

    /// <summary>The password of the account at the mail server where only this shell can find it: in a vault. A worker finds an environment variable by itself.</summary>
    public async Task<Secret?> ResolveMailAsync(CancellationToken cancellationToken) => _task.Options.Alerts.SmtpPassword is { Secret: not null } place
        ? await Resolver.ResolveMailAsync(place, cancellationToken).ConfigureAwait(false)
        : null;

    private async Task<Secret> ResolveAsync(string role, ConnectionDefinition side, CancellationToken cancellationToken)
    {
        try
        {
            return await Resolver.ResolveAsync(role, side, cancellationToken).ConfigureAwait(false);
        }
        catch (DtsMigrateException e) when (e.Code == "PasswordMissing")
        {
            string parameter = role == "source" ? "SourceCredential" : "DestinationCredential";
            throw new DtsMigrateException(e.Code, $"Task '{_task.Name}' does not say where the password of its {role} is, and this session has not been given it.", e)
            {
                Target = _task.Name,
                RecommendedAction = $"Pass -{parameter}, or define the task with a reference to an environment variable, a secret or a MySQL option file.",
            };
        }
    }

    private static void CheckUser(string role, ConnectionDefinition side, PSCredential? credential)
    {
        if (credential is not null && credential.UserName != side.User)
        {
            throw new DtsMigrateException("CredentialUserMismatch", $"The task's {role.ToLowerInvariant()} account is '{side.User}', but -{role}Credential is for '{credential.UserName}'.")
            {
                Target = credential.UserName,
                RecommendedAction = $"Pass a credential for '{side.User}', or define the task anew with New-MigrationTask -Force.",
            };
        }
    }
}
