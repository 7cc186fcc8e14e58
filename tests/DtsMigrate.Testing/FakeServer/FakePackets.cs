using System.Text;

namespace DtsMigrate.Testing;

/// <summary>Payloads as a server sends them.</summary>
public static class FakePackets
{
    private const byte Autocommit = 0x02;
    private const byte MoreResults = 0x08;

    /// <summary>The uuid that every fake server answers.</summary>
    public const string ServerUuid = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

    /// <summary>OK.</summary>
    public static byte[] Ok(byte affected = 0, string info = "", bool more = false) =>
        [0x00, affected, 0, Status(more), 0, 0, 0, .. info.Length == 0 ? [] : Text(info)];

    /// <summary>ERR with SQLSTATE.</summary>
    public static byte[] Err(ushort errno, string message, string sqlState = "HY000") =>
        [0xFF, (byte)errno, (byte)(errno >> 8), (byte)'#', .. Encoding.ASCII.GetBytes(sqlState), .. Encoding.UTF8.GetBytes(message)];

    /// <summary>ERR as it comes before the greeting: without SQLSTATE.</summary>
    public static byte[] EarlyErr(ushort errno, string message) => [0xFF, (byte)errno, (byte)(errno >> 8), .. Encoding.UTF8.GetBytes(message)];

    /// <summary>A classic EOF packet.</summary>
    public static byte[] Eof(bool more = false) => [0xFE, 0, 0, Status(more), 0];

    /// <summary>The OK packet in the place of EOF.</summary>
    public static byte[] EndOfRows(bool more = false) => [0xFE, 0, 0, Status(more), 0, 0, 0];

    /// <summary>Number of columns, fewer than 251.</summary>
    public static byte[] ColumnCount(byte count) => [count];

    /// <summary>A utf8mb4 VARCHAR column.</summary>
    public static byte[] Column(string name) =>
        [.. Text("def"), .. Text(""), .. Text(""), .. Text(""), .. Text(name), .. Text(""), 0x0c, 45, 0, 0xFF, 0, 0, 0, 0xFD, 0, 0, 0, 0, 0];

    /// <summary>A text row; null is NULL.</summary>
    public static byte[] Row(params string?[] values) => [.. values.SelectMany(value => value is null ? [0xFB] : Text(value))];

    /// <summary>A request for a local file.</summary>
    public static byte[] LocalInfile(string name) => [0xFB, .. Encoding.UTF8.GetBytes(name)];

    /// <summary>A request to use another plugin.</summary>
    public static byte[] AuthSwitch(string plugin, byte[] challenge) => [0xFE, .. Encoding.UTF8.GetBytes(plugin), 0, .. challenge, 0];

    /// <summary>Data of the plugin in use.</summary>
    public static byte[] AuthMoreData(params byte[] data) => [0x01, .. data];

    /// <summary>The answer to the first two statements of a session.</summary>
    public static byte[][] Identity(int connectionId) =>
    [
        Ok(more: true),
        ColumnCount(2), Column("CONNECTION_ID()"), Column("@@server_uuid"),
        Row(connectionId.ToString(), ServerUuid), EndOfRows(),
    ];

    private static byte Status(bool more) => (byte)(Autocommit | (more ? MoreResults : 0));

    // A length-encoded string of up to 65,535 bytes.
    private static byte[] Text(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        return bytes.Length < 251 ? [(byte)bytes.Length, .. bytes] : [0xFC, (byte)bytes.Length, (byte)(bytes.Length >> 8), .. bytes];
    }
}
