namespace DtsMigrate.MySql.Auth;

/// <summary>Names of the authentication plugins as they go over the wire.</summary>
internal static class AuthPluginNames
{
    public const string CachingSha2 = "caching_sha2_password";
    public const string NativePassword = "mysql_native_password";
    public const string Sha256 = "sha256_password";
    public const string ClearText = "mysql_clear_password";
    public const string OldPassword = "mysql_old_password";
}
