using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Binlog;

/// <summary>Reads the binlog files that a server has written since the recording began, straight from its data folder.</summary>
internal sealed class BinlogRecording
{
    private const int MagicLength = 4;

    private readonly MySqlServer _server;
    private readonly string _file;

    private BinlogRecording(MySqlServer server, string file)
    {
        _server = server;
        _file = file;
    }

    public static async Task<BinlogRecording> StartAsync(MySqlServer server, CancellationToken cancellationToken)
    {
        string status = await server.RunSqlAsync("FLUSH BINARY LOGS; SHOW BINARY LOG STATUS;", cancellationToken);
        return new BinlogRecording(server, status.Split('\t')[0]);
    }

    /// <summary>All events from the start of the recording's first file to the end of the last file.</summary>
    public async Task<List<BinlogEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        string folder = _server.DataFolder ?? throw new InvalidOperationException("The server's data folder is out of reach.");
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
                BinlogEvent next = parser.Parse(bytes.AsSpan(at, length));
                at += length;
                Assert.Equal(next.Header.EndLogPosition, (uint)at);
                if (next is not RotateEvent)
                {
                    Assert.Equal(new BinlogCoordinate(name, (ulong)at), next.End);
                }

                events.Add(next);
            }
        }

        return events;
    }
}
