using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Connections;

/// <summary>Servers and accounts in words.</summary>
public static class ServerText
{
    /// <summary><c>host:port</c>; an IPv6 address stands in brackets.</summary>
    public static string Address(ConnectionDefinition side)
    {
        ArgumentNullException.ThrowIfNull(side);
        return $"{(side.Host.Contains(':', StringComparison.Ordinal) ? $"[{side.Host}]" : side.Host)}:{side.Port}";
    }

    /// <summary><c>user@host:port</c>.</summary>
    public static string Account(ConnectionDefinition side)
    {
        ArgumentNullException.ThrowIfNull(side);
        return $"{side.User}@{Address(side)}";
    }

    /// <summary>Where the password is found, in words; never the password.</summary>
    public static string Password(PasswordReference password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return password switch
        {
            { Empty: true } => "none needed",
            { Env: { } variable } => $"environment variable {variable}",
            { OptionFile: { } file } => $"option file {file}, group {password.OptionGroup ?? "client"}",
            { Secret: { } secret } => password.Vault is { } vault ? $"secret {secret} in vault {vault}" : $"secret {secret}",
            _ => "given at start",
        };
    }
}
