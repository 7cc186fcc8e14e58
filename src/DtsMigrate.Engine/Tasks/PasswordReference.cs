namespace DtsMigrate.Engine.Tasks;

/// <summary>Where a password is found. Never the password. Exactly one of the members is set, or none: the launcher hands the secret over.</summary>
public sealed record PasswordReference
{
    /// <summary>Environment variable that holds it.</summary>
    public string? Env { get; init; }

    /// <summary>MySQL option file (<c>[client]</c> or <see cref="OptionGroup"/>) that holds it.</summary>
    public string? OptionFile { get; init; }

    /// <summary>Group in the option file; null for <c>client</c>.</summary>
    public string? OptionGroup { get; init; }

    /// <summary>SecretManagement secret name.</summary>
    public string? Secret { get; init; }

    /// <summary>SecretManagement vault; null for the default one.</summary>
    public string? Vault { get; init; }

    /// <summary>The account has no password.</summary>
    public bool Empty { get; init; }
}
