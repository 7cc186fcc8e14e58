using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace DtsMigrate.MySql.Auth;

/// <summary>Answers to a challenge that show the password's knowledge without the password.</summary>
internal static class Scramble
{
    /// <summary>mysql_native_password: SHA1(p) XOR SHA1(challenge + SHA1(SHA1(p))); nothing for an empty password.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The algorithm is the server's.")]
    public static byte[] Native(ReadOnlySpan<byte> password, ReadOnlySpan<byte> challenge)
    {
        if (password.IsEmpty)
        {
            return [];
        }

        byte[] stage1 = SHA1.HashData(password);
        byte[] stage2 = SHA1.HashData(stage1);
        byte[] mask = SHA1.HashData([.. challenge, .. stage2]);
        Xor(stage1, mask);
        return stage1;
    }

    /// <summary>caching_sha2_password: SHA256(p) XOR SHA256(SHA256(SHA256(p)) + challenge); a NUL byte for an empty password.</summary>
    public static byte[] CachingSha2(ReadOnlySpan<byte> password, ReadOnlySpan<byte> challenge)
    {
        if (password.IsEmpty)
        {
            return [0];
        }

        byte[] stage1 = SHA256.HashData(password);
        byte[] stage2 = SHA256.HashData(stage1);
        byte[] mask = SHA256.HashData([.. stage2, .. challenge]);
        Xor(stage1, mask);
        return stage1;
    }

    /// <summary>XORs with a key that repeats, in place.</summary>
    public static void Xor(Span<byte> value, ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < value.Length; i++)
        {
            value[i] ^= key[i % key.Length];
        }
    }
}
