using System.Security.Cryptography;
using System.Text;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Auth;

/// <summary>The password under the server's RSA key: RSA-OAEP over (password + NUL) XOR challenge.</summary>
internal static class RsaPassword
{
    /// <param name="clear">Password with its terminating NUL; overwritten.</param>
    /// <param name="challenge">The scramble sent by the server.</param>
    /// <param name="pem">The server's public key.</param>
    public static byte[] Encrypt(Span<byte> clear, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> pem)
    {
        if (challenge.IsEmpty)
        {
            throw new MySqlProtocolException("The server asks for an RSA-encrypted password and sent no challenge to mix it with.");
        }

        using var rsa = ImportKey(pem);
        Scramble.Xor(clear, challenge);
        try
        {
            return rsa.Encrypt(clear.ToArray(), RSAEncryptionPadding.OaepSHA1);
        }
        catch (CryptographicException fault)
        {
            throw new MySqlConnectionException("AuthenticationUnsupported", "The password is too long for the server's RSA key.", fault)
            {
                IsTransient = false,
                RecommendedAction = "Use TLS, which has no such limit.",
            };
        }
    }

    private static RSA ImportKey(ReadOnlySpan<byte> pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(Encoding.ASCII.GetString(pem));
            return rsa;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
            throw new MySqlProtocolException("The server's public key is not a readable RSA key.", fault);
        }
    }
}
