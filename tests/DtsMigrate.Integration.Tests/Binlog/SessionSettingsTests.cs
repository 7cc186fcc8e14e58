using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Binlog;

/// <summary>Sessions of the source may set what the log holds, whatever the server's own settings are.</summary>
public sealed class SessionSettingsTests
{
    private static readonly CancellationToken Token = CancellationToken.None;

    [Theory]
    [InlineData("FULL", "0123", "0123")]
    [InlineData("NOBLOB", "012", "012")]
    [InlineData("MINIMAL", "0", "1")]
    public async Task Update_has_the_columns_of_the_sessions_row_image(string image, string before, string after)
    {
        MySqlServer server = await SharedServers.SourceAsync(Token);
        string database = SharedServers.NewDatabaseName("row_image");
        BinlogRecording recording = await BinlogRecording.StartAsync(server, Token);
        await server.RunSqlAsync(
            $"CREATE DATABASE {database}; USE {database}; CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(300), c BLOB); INSERT INTO t VALUES (1, 2, 'three', NULL);"
            + $"SET binlog_row_image={image}; UPDATE t SET a = 5; DELETE FROM t;",
            Token);
        List<RowsEvent> rows = [.. (await recording.ReadAsync(Token)).OfType<RowsEvent>().Where(r => r.Table.Database == database)];
        Assert.Equal([RowChangeKind.Insert, RowChangeKind.Update, RowChangeKind.Delete], rows.Select(static r => r.Kind));
        RowsReader reader = new();
        reader.Reset(rows[1]);
        Assert.True(reader.Read());
        Assert.Equal((before, after), (Present(reader.Before), Present(reader.After)));
        Assert.Equal(1, BitConverter.ToInt32(reader.Before.GetRaw(0)));
        Assert.Equal(5, BitConverter.ToInt32(reader.After.GetRaw(1)));
        if (after.Contains('3', StringComparison.Ordinal))
        {
            Assert.True(reader.After.IsNull(3));
        }

        Assert.False(reader.Read());
        reader.Reset(rows[2]);
        Assert.True(reader.Read());
        Assert.Equal(before, Present(reader.Before));
        Assert.Equal(0, reader.After.Count);
    }

    [Fact]
    public async Task Gtids_of_the_log_are_those_that_the_server_has_executed()
    {
        MySqlServer server = await SharedServers.SourceAsync(Token);
        string database = SharedServers.NewDatabaseName("gtids");
        BinlogRecording recording = await BinlogRecording.StartAsync(server, Token);
        string tag = server.Binaries.Version >= new Version(8, 4) ? "SET gtid_next='AUTOMATIC:some_tag'; INSERT INTO t VALUES (2); SET gtid_next='AUTOMATIC';" : "";
        string executed = await server.RunSqlAsync($"CREATE DATABASE {database}; USE {database}; CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1); {tag} SELECT HEX(@@gtid_executed);", Token);
        GtidSet shown = GtidSet.Parse(System.Text.Encoding.ASCII.GetString(Convert.FromHexString(executed.Trim())));
        GtidSet logged = GtidSet.Empty;
        foreach (BinlogEvent read in await recording.ReadAsync(Token))
        {
            logged = read switch
            {
                PreviousGtidsEvent previous => logged.Union(previous.Gtids),
                GtidEvent { Gtid: { } gtid } => logged.With(gtid),
                _ => logged,
            };
        }

        Assert.True(logged.Contains(shown), $"{logged} does not hold {shown}");
        Assert.Equal(shown, GtidSet.Parse(shown.ToString()));
        string subset = await server.RunSqlAsync($"SELECT GTID_SUBSET('{logged}', @@gtid_executed), GTID_SUBSET('{shown}', '{logged}'), HEX(GTID_SUBTRACT('{logged}', '{shown}'));", Token);
        string difference = logged.Minus(shown).ToString();
        Assert.Equal(["1", "1", Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(difference))], subset.Trim('\n', '\r').Split('\t'));
    }

    private static string Present(RowImage image)
    {
        string columns = "";
        for (int i = 0; i < image.Count; i++)
        {
            columns += image.IsPresent(i) ? $"{i}" : "";
        }

        return columns;
    }
}
