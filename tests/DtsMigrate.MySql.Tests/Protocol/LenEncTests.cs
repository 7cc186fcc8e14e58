using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;
using DtsMigrate.MySql.Session;
using FsCheck;
using FsCheck.Fluent;

namespace DtsMigrate.MySql.Tests.Protocol;

public sealed class LenEncTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(250UL, "FA")]
    [InlineData(251UL, "FCFB00")]
    [InlineData(65_535UL, "FCFFFF")]
    [InlineData(65_536UL, "FD000001")]
    [InlineData(16_777_215UL, "FDFFFFFF")]
    [InlineData(16_777_216UL, "FE0000000100000000")]
    [InlineData(ulong.MaxValue, "FEFFFFFFFFFFFFFFFF")]
    public void A_length_encoded_integer_has_the_bytes_of_the_manual(ulong value, string hex)
    {
        using var builder = new PayloadBuilder();
        builder.LenEncInteger(value);

        Assert.Equal(hex, Convert.ToHexString(builder.Written.Span));
        Assert.Equal(value, new PacketReader(Convert.FromHexString(hex), "test").ReadLenEncInteger());
    }

    [Fact]
    public void Every_length_encoded_integer_survives_the_round_trip() => Prop.ForAll<ulong>(static value =>
    {
        using var builder = new PayloadBuilder();
        builder.LenEncInteger(value);
        var reader = new PacketReader(builder.Written.Span, "test");
        return reader.ReadLenEncInteger() == value && reader.Remaining == 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_list_of_fields_survives_the_round_trip_as_a_text_row() => Prop.ForAll<byte[]?[]>(static values =>
    {
        using var builder = new PayloadBuilder();
        foreach (byte[]? value in values)
        {
            _ = value is null ? builder.Byte(0xFB) : builder.LenEncBytes(value);
        }

        var reader = new TextRowReader(builder.Written.Span);
        foreach (byte[]? value in values)
        {
            if (reader.ReadField(out var read) != value is not null || !read.SequenceEqual(value ?? []))
            {
                return false;
            }
        }

        return reader.AtEnd;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("FC")]
    [InlineData("FC01")]
    [InlineData("FD0102")]
    [InlineData("FE01020304050607")]
    [InlineData("FB")]
    [InlineData("FF")]
    [InlineData("05AABB")]
    [InlineData("FEFFFFFFFFFFFFFFFF")]
    public void A_broken_length_encoded_string_is_a_protocol_error(string hex) =>
        Assert.Throws<MySqlProtocolException>(() => new PacketReader(Convert.FromHexString(hex), "test").ReadLenEncBytes().Length);
}
