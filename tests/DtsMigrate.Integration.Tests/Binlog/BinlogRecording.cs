using System.Globalization;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Binlog;

/// <summary>
/// Reads the binlog files that a server has written since the recording began: straight from its data folder, or through a binlog stream where the
/// folder is out of reach (a container).
/// </summary>
internal sealed class BinlogRecording
{
    private const int MagicLength = 4;

    private const uint ReplicaId = 0x0B107EC0;

    private readonly MySqlServer _server;
    private readonly string _file;

    private BinlogRecording(MySqlServer server, string file)
    {
        _server = server;
        _file = file;
    }

    public static async Task<BinlogRecording> StartAsync(MySqlServer server, CancellationToken cancellationToken)
    {
        await server.RunSqlAsync("FLUSH BINARY LOGS;", cancellationToken);
        return new BinlogRecording(server, (await EndAsync(server, cancellationToken)).File);
    }

    /// <summary>All events from the start of the recording's first file to the end of the last file.</summary>
    public Task<List<BinlogEvent>> ReadAsync(CancellationToken cancellationToken) =>
        _server.DataFolder is { } folder ? ReadFilesAsync(folder, cancellationToken) : ReadStreamAsync(cancellationToken);

    private static async Task<BinlogCoordinate> EndAsync(MySqlServer server, CancellationToken cancellationToken)
    {
        bool renamed = server.Binaries.Version >= new Version(8, 4);
        string[] status = (await server.RunSqlAsync(renamed ? "SHOW BINARY LOG STATUS;" : "SHOW MASTER STATUS;", cancellationToken)).Split('\t');
        return new BinlogCoordinate(status[0], ulong.Parse(status[1], CultureInfo.InvariantCulture));
    }

    private async Task<List<BinlogEvent>> ReadStreamAsync(CancellationToken cancellationToken)
    {
        BinlogCoordinate end = await EndAsync(_server, cancellationToken);
        MySqlSession session = await MySqlSession.ConnectAsync(
            new MySqlSessionOptions { Host = _server.Host, Port = _server.Port, User = _server.User }, TimeProvider.System, cancellationToken);
        BinlogStreamOptions options = new() { From = new BinlogCoordinate(_file, MagicLength), ServerId = ReplicaId };
        await using BinlogStream stream = await BinlogStream.OpenAsync(session, options, TimeProvider.System, cancellationToken);
        List<BinlogEvent> events = [];
        do
        {
            events.Add(await stream.ReadAsync(cancellationToken));
        }
        while (events[^1].End < end);

        return events;
    }

    private async Task<List<BinlogEvent>> ReadFilesAsync(string folder, CancellationToken cancellationToken)
    {
        List<BinlogEvent> events = [];
        BinlogEventParser parser = new(checksum: false);
        foreach (string path in Directory.GetFiles(folder, "binlog.??????").Where(static p => char.IsAsciiDigit(p[^1])).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (string.CompareOrdinal(name, _file) < 0)
            {
                continue;
            }

            await using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            parser.SetStart(new BinlogCoordinate(name, MagicLength));
            for (int at = MagicLength; at < bytes.Length;)
            {
                int length = BitConverter.ToInt32(bytes, at + 9);
                Assert.True(length >= 19 && at + length <= bytes.Length, $"event of {length} bytes at {name}:{at}, file of {bytes.Length}");
                int before = events.Count;
                parser.ParseAll(bytes.AsSpan(at, length), events.Add);
                Assert.Equal(BitConverter.ToUInt32(bytes, at + 13), (uint)(at + length));
                at += length;
                foreach (BinlogEvent next in events.Skip(before).Where(static e => e is not RotateEvent))
                {
                    Assert.Equal(new BinlogCoordinate(name, (ulong)at), next.End);
                }
            }
        }

        return events;
    }
}
