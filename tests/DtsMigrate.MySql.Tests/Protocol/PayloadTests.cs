using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Tests.Protocol;

public sealed class PayloadTests
{
    // Greeting of a MySQL 5.7 server without TLS, id 10, native password, with the layout of the manual's example.
    private const string Greeting57 =
        "0A352E372E34342D6C6F67000A000000" + "4141414141414141" + "00" + "FFF7" + "08" + "0200" + "FF81" + "15" + "00000000000000000000" +
        "424242424242424242424242" + "00" + "6D7973716C5F6E61746976655F70617373776F726400";

    [Fact]
    public void A_greeting_gives_version_id_plugin_and_the_whole_challenge()
    {
        var greeting = HandshakePayload.Parse(Convert.FromHexString(Greeting57));

        Assert.Equal("5.7.44-log", greeting.ServerVersion);
        Assert.Equal(10u, greeting.ConnectionId);
        Assert.Equal("mysql_native_password", greeting.AuthPlugin);
        Assert.Equal("AAAAAAAABBBBBBBBBBBB"u8.ToArray(), greeting.Scramble);
        Assert.True(greeting.Capabilities.HasFlag(CapabilityFlags.Protocol41 | CapabilityFlags.PluginAuth | CapabilityFlags.MultiStatements));
        Assert.False(greeting.Capabilities.HasFlag(CapabilityFlags.Ssl));
        Assert.True(greeting.Capabilities.HasFlag(CapabilityFlags.DeprecateEof));
    }

    [Fact]
    public void A_greeting_cut_anywhere_is_an_error_of_the_family()
    {
        byte[] whole = Convert.FromHexString(Greeting57);
        int pluginStart = whole.Length - "mysql_native_password".Length - 1;
        for (int length = 0; length < pluginStart; length++)
        {
            Assert.ThrowsAny<DtsMigrateException>(() => HandshakePayload.Parse(whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Another_protocol_version_is_refused_by_its_number()
    {
        var error = Assert.Throws<MySqlProtocolException>(() => HandshakePayload.Parse([9, 0x35, 0]));

        Assert.Contains("version 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_answer_to_the_greeting_has_the_bytes_of_the_manual()
    {
        using var builder = new PayloadBuilder();
        var capabilities = CapabilityFlags.Protocol41 | CapabilityFlags.SecureConnection | CapabilityFlags.PluginAuth | CapabilityFlags.ConnectWithDatabase |
            CapabilityFlags.PluginAuthLenEncData | CapabilityFlags.ConnectAttributes;

        HandshakeResponse.Write(builder, capabilities, "u", [1, 2, 3], "d", "p", [new("k", "v")]);

        Assert.Equal(
            "08823800" + "00000040" + "2D" + new string('0', 46) + "7500" + "03010203" + "6400" + "7000" + "04016B0176",
            Convert.ToHexString(builder.Written.Span));
    }

    [Fact]
    public void Only_what_the_server_offers_is_asked_for()
    {
        var offered = CapabilityFlags.Protocol41 | CapabilityFlags.FoundRows;

        Assert.Equal(offered, HandshakeResponse.Negotiate(offered, tls: true, database: true));
        Assert.Equal(
            CapabilityFlags.ConnectWithDatabase,
            HandshakeResponse.Negotiate((CapabilityFlags)uint.MaxValue, tls: false, database: true) & (CapabilityFlags.ConnectWithDatabase | CapabilityFlags.Ssl));
    }

    [Theory]
    [InlineData("00030102000000", "")]
    [InlineData("0003010200000028526F7773206D6174636865643A20332020" + "4368616E6765643A20302020" + "5761726E696E67733A2030", "Rows matched: 3  Changed: 0  Warnings: 0")]
    [InlineData("000301020000005265636F726473", "Records")]
    public void An_OK_packet_gives_counts_and_text_with_or_without_a_length(string hex, string info)
    {
        var ok = OkPayload.Parse(Convert.FromHexString(hex));

        Assert.Equal(new OkPayload(3, 1, ServerStatus.Autocommit, 0, info), ok);
    }

    [Fact]
    public void An_ERR_packet_gives_number_state_and_text()
    {
        var error = ErrPayload.Parse(Convert.FromHexString("FF4804" + "23" + "4859303030" + "4E6F207461626C65732075736564"));

        Assert.Equal(new ErrPayload(1096, "HY000", "No tables used"), error);
    }

    [Fact]
    public void An_ERR_packet_before_the_greeting_has_no_state()
    {
        var error = ErrPayload.Parse([0xFF, 0x10, 0x04, .. "Too many connections"u8]);

        Assert.Equal(new ErrPayload(1040, "HY000", "Too many connections"), error);
        Assert.True(error.ToException().IsTransient);
    }

    [Fact]
    public void A_column_definition_gives_name_type_and_flags()
    {
        var column = ColumnDefinition.Parse(Convert.FromHexString("03646566" + "0473686F70" + "0174" + "0174" + "026964" + "026964" + "0C" + "3F00" + "0B000000" + "03" + "2342" + "00" + "0000"));

        Assert.Equal(new ResultColumn("id", 3, 63, 0x4223, 11, 0), column);
    }

    [Fact]
    public void A_switch_of_plugin_gives_name_and_challenge_without_the_last_NUL()
    {
        var request = AuthSwitchPayload.Parse([0xFE, .. "p\0"u8, 1, 2, 3, 0]);

        Assert.Equal("p", request.Plugin);
        Assert.Equal([1, 2, 3], request.Scramble);
    }

    [Fact]
    public void A_long_row_that_starts_like_EOF_is_not_taken_for_it()
    {
        Assert.True(EofPayload.Is([0xFE, 1, 0, 2, 0]));
        Assert.False(EofPayload.Is([0xFE, 0, 0, 0, 1, 0, 0, 0, 0]));
        Assert.Equal(new EofPayload(1, ServerStatus.Autocommit), EofPayload.Parse([0xFE, 1, 0, 2, 0]));
    }
}
