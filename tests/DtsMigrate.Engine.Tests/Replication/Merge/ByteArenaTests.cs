using DtsMigrate.Engine.Replication.Merge;

namespace DtsMigrate.Engine.Tests.Replication.Merge;

public sealed class ByteArenaTests
{
    [Fact]
    public void Bytes_are_found_again_whatever_their_length()
    {
        using var arena = new ByteArena();
        for (int round = 0; round < 3; round++)
        {
            var kept = new List<(long At, byte[] Bytes)>();
            foreach (int length in new[] { 10, 0, 700_000, 700_000, 3 << 20, 5, 2 << 20, 900_000 })
            {
                byte[] bytes = new byte[length];
                new Random(length + round).NextBytes(bytes);
                kept.Add((arena.Append(bytes), bytes));
            }

            Assert.All(kept, k => Assert.True(arena.Get(k.At, k.Bytes.Length).SequenceEqual(k.Bytes)));
            Assert.Equal(kept.Sum(k => (long)k.Bytes.Length), arena.Bytes);
            arena.Clear();
            Assert.Equal(0, arena.Bytes);
        }
    }

    [Fact]
    public void The_hash_of_a_key_is_the_same_in_every_process()
    {
        // What is divided by it is divided alike after a restart, also by a later release: these values must never change.
        Assert.Equal(0x3BD91F3DD18F2EE6UL, KeyHash.Of("abc"u8));
        Assert.Equal(0xDEF18202182A0824UL, KeyHash.Of("a longer key"u8));
        Assert.NotEqual(KeyHash.Of("abc"u8), KeyHash.Of("abd"u8));
        Assert.NotEqual(KeyHash.Of("\0"u8), KeyHash.Of("\0\0"u8));
        Assert.NotEqual(KeyHash.Of("12345678"u8, 1), KeyHash.Of("12345678"u8, 2));
    }
}
