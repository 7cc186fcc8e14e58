using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Errors;
using FsCheck;
using FsCheck.Fluent;

namespace DtsMigrate.MySql.Tests.Binlog;

public sealed class GtidSetTests
{
    private const string A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private const string B = "4350f323-7565-4e59-8763-4b1b83a0ce0e";

    private static readonly GtidTag[] Origins =
    [
        new(Guid.Parse(A), ""), new(Guid.Parse(A), "tag"), new(Guid.Parse(B), ""), new(Guid.Parse(B), "other_1"),
    ];

    private static readonly Arbitrary<Gtid[]> Members = Gen.ArrayOf(
        from origin in Gen.Choose(0, Origins.Length - 1)
        from number in Gen.Choose(1, 12)
        select new Gtid(Origins[origin], number)).ToArbitrary();

    [Fact]
    public void Set_algebra_agrees_with_hash_sets() =>
        Prop.ForAll(Members, Members, static (left, right) =>
        {
            (GtidSet a, GtidSet b) = (Set(left), Set(right));
            (HashSet<Gtid> ha, HashSet<Gtid> hb) = ([.. left], [.. right]);
            return Same(a, ha) && a.Count == (ulong)ha.Count && a.IsEmpty == (ha.Count == 0)
                && Same(a.Union(b), ha.Union(hb)) && Same(a.Minus(b), ha.Except(hb)) && Same(a.Intersect(b), ha.Intersect(hb))
                && a.Contains(b) == ha.IsSupersetOf(hb) && a.Equals(b) == ha.SetEquals(hb)
                && (!ha.SetEquals(hb) || a.GetHashCode() == b.GetHashCode());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_and_binary_forms_read_back() =>
        Prop.ForAll(Members, static members =>
        {
            GtidSet set = Set(members);
            return GtidSet.Parse(set.ToString()).Equals(set) && GtidSet.ParseBinary(set.ToBinary()).Equals(set)
                && GtidSet.Parse(set.ToString().ToUpperInvariant().Replace(":", " :\n ", StringComparison.Ordinal)).Equals(set);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", "")]
    [InlineData(" \n , ", "")]
    [InlineData(A + ":1-5:7", A + ":1-5:7")]
    [InlineData(A + ":3-5:1-2:9-9", A + ":1-5:9")]
    [InlineData("3E11FA47-71CA-11E1-9E33-C80AA9429562:TAG:1-3", A + ":tag:1-3")]
    [InlineData(A + ":1-5:tag:1-3:b:2", A + ":1-5:b:2:tag:1-3")]
    [InlineData(B + ":1,\n" + A + ":1", A + ":1,\n" + B + ":1")]
    [InlineData(A + ":1," + A + ":2", A + ":1-2")]
    [InlineData(A + ":9223372036854775806", A + ":9223372036854775806")]
    public void Text_is_normalised_as_the_server_does(string text, string expected) => Assert.Equal(expected, GtidSet.Parse(text).ToString());

    [Theory]
    [InlineData("x")]
    [InlineData(A)]
    [InlineData(A + ":")]
    [InlineData(A + ":0")]
    [InlineData(A + ":5-4")]
    [InlineData(A + ":1-")]
    [InlineData(A + ":-1")]
    [InlineData(A + ":tag")]
    [InlineData(A + ":1tag:1")]
    [InlineData(A + ":ta g:1")]
    [InlineData(A + ":9223372036854775807")]
    [InlineData(A + ":abcdefghijklmnopqrstuvwxyz1234567:1")]
    public void Text_that_is_no_set_is_an_error(string text) => Assert.Throws<FormatException>(() => GtidSet.Parse(text));

    [Fact]
    public void Binary_form_has_uuids_in_text_order_and_ends_after_the_last_number()
    {
        byte[] plain = GtidSet.Parse(A + ":1-5").ToBinary();
        Assert.Equal("0100000000000000" + A.Replace("-", "", StringComparison.Ordinal) + "0100000000000000" + "0100000000000000" + "0600000000000000", Convert.ToHexStringLower(plain));
        byte[] tagged = GtidSet.Parse(A + ":tag:2").ToBinary();
        Assert.Equal("0101000000000001" + A.Replace("-", "", StringComparison.Ordinal) + "06746167" + "0100000000000000" + "0200000000000000" + "0300000000000000", Convert.ToHexStringLower(tagged));
        Assert.Equal(new byte[8], GtidSet.Empty.ToBinary());
    }

    [Fact]
    public void Damaged_binary_forms_are_errors()
    {
        byte[] good = GtidSet.Parse(A + ":1-5:7:tag:1," + B + ":4").ToBinary();
        for (int length = 0; length < good.Length; length++)
        {
            int cut = length;
            Assert.Throws<MySqlProtocolException>(() => GtidSet.ParseBinary(good.AsSpan(0, cut)));
        }

        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. good];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Assert.True(Record.Exception(() => GtidSet.ParseBinary(damaged)) is null or MySqlProtocolException);
        }
    }

    [Fact]
    public void Adding_a_gtid_to_a_set_of_many_holes_is_cheap()
    {
        GtidSet set = GtidSet.Parse(A + string.Concat(Enumerable.Range(1, 200_000).Select(static i => $":{i * 2L}")));
        Gtid next = new(Origins[0], 1_000_000);
        set = set.With(next);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i <= 1000; i++)
        {
            set = set.With(next with { Number = 1_000_000 + i });
        }

        long perGtid = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        Assert.InRange(perGtid, 1, 400);
        Assert.Equal(201_001UL, set.Count);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GtidSet.Empty.With(new Gtid(Origins[0], 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => GtidSet.Empty.With(new Gtid(Origins[0], long.MaxValue)));
    }

    private static GtidSet Set(IEnumerable<Gtid> members) => members.Aggregate(GtidSet.Empty, static (set, gtid) => set.With(gtid));

    private static bool Same(GtidSet set, IEnumerable<Gtid> expected)
    {
        HashSet<Gtid> members = [.. expected];
        foreach (GtidTag origin in Origins)
        {
            for (int number = 1; number <= 13; number++)
            {
                Gtid gtid = new(origin, number);
                if (set.Contains(gtid) != members.Contains(gtid))
                {
                    return false;
                }
            }
        }

        return set.Count == (ulong)members.Count && set.Equals(Set(members));
    }
}
