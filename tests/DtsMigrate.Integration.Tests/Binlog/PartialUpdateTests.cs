using System.Buffers;
using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Binlog;

/// <summary>Partial updates of JSON (binlog_row_value_options=PARTIAL_JSON): after images made here are what the server has, types included.</summary>
public sealed class PartialUpdateTests
{
    private const byte PartialUpdateRows = 39;
    private const string Session = "SET NAMES utf8mb4, sql_mode='ALLOW_INVALID_DATES', time_zone='+00:00';";

    private static readonly CancellationToken Token = CancellationToken.None;

    [Fact]
    public async Task Completed_images_are_the_documents_that_the_server_has()
    {
        const int Rows = 20, Updates = 600;
        MySqlServer server = await SharedServers.SourceAsync(Token);
        string database = SharedServers.NewDatabaseName("partial_json");
        BinlogRecording recording = await BinlogRecording.StartAsync(server, Token);
        var updates = new JsonUpdates(39);
        StringBuilder sql = new(Session);
        sql.Append(CultureInfo.InvariantCulture, $"CREATE DATABASE {database}; USE {database}; CREATE TABLE t (id INT PRIMARY KEY, j JSON, n INT, k JSON, b BLOB, l JSON);\n");
        for (int id = 0; id < Rows; id++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO t VALUES ({id},{updates.Document()},0,{(id % 4 == 0 ? "NULL" : updates.Document())},'b',{updates.Document()});\n");
        }

        var random = new Random(1);
        for (int i = 0; i < Updates; i++)
        {
            string changes = string.Join(',', new[] { "j", "k", "l" }.Where(_ => random.Next(2) == 0).Select(c => $"{c}={updates.Change(c)}").DefaultIfEmpty("n=n+1"));
            string where = random.Next(4) == 0 ? $"id BETWEEN {random.Next(Rows)} AND {random.Next(Rows)}" : $"id={random.Next(Rows)}";
            sql.Append(CultureInfo.InvariantCulture, $"SET binlog_row_value_options='PARTIAL_JSON'; UPDATE t SET {changes} WHERE {where};\n");
        }

        // In full, so that the last images are compared, too.
        sql.Append("SET binlog_row_value_options=''; UPDATE t SET n=-1;");
        await server.RunSqlAsync(sql.ToString(), Token);

        Dictionary<int, string> known = [];
        int partial = 0, compared = 0;
        RowsReader reader = new();
        foreach (RowsEvent rows in (await recording.ReadAsync(Token)).OfType<RowsEvent>().Where(r => r.Table.Database == database))
        {
            partial += rows.Header.Type == PartialUpdateRows ? 1 : 0;
            reader.Reset(rows);
            while (reader.Read())
            {
                if (rows.Kind == RowChangeKind.Update)
                {
                    var (id, before) = Show(reader.Before);
                    Assert.Equal(known[id], before);
                    compared++;
                }

                var (after, image) = Show(reader.After);
                known[after] = image;
            }
        }

        Assert.True(partial > Updates / 4 && compared > Updates, $"{partial} partial events, {compared} images compared");
    }

    [Theory]
    [InlineData("MINIMAL", false)]
    [InlineData("NOBLOB", true)]
    public async Task A_change_without_the_document_before_it_leaves_the_column_out(string image, bool hasDocument)
    {
        MySqlServer server = await SharedServers.SourceAsync(Token);
        string database = SharedServers.NewDatabaseName("partial_image");
        BinlogRecording recording = await BinlogRecording.StartAsync(server, Token);
        await server.RunSqlAsync(
            $"CREATE DATABASE {database}; USE {database}; CREATE TABLE t (id INT PRIMARY KEY, j JSON, n INT, k JSON, m INT); INSERT INTO t SELECT 1, JSON_OBJECT('a', 1, 'pad', REPEAT('x', 500)), 2, JSON_OBJECT('b', 1, 'pad', REPEAT('x', 500)), NULL;"
            + $"SET binlog_row_image={image}, binlog_row_value_options='PARTIAL_JSON'; UPDATE t SET k=JSON_SET(k, '$.b', 'two'), n=7, m=NULL; UPDATE t SET j=JSON_SET(j, '$.a', 2), k=JSON_REMOVE(k, '$.b'), n=8;",
            Token);
        List<RowsEvent> rows = [.. (await recording.ReadAsync(Token)).OfType<RowsEvent>().Where(r => r.Table.Database == database && r.Header.Type == PartialUpdateRows)];
        Assert.Equal(2, rows.Count);
        RowsReader reader = new();
        for (int i = 0; i < rows.Count; i++)
        {
            reader.Reset(rows[i]);
            Assert.True(reader.Read());
            Assert.Equal(hasDocument, reader.Before.IsPresent(3));
            Assert.Equal(hasDocument, reader.After.IsPresent(3));
            if (hasDocument)
            {
                ArrayBufferWriter<byte> text = new();
                BinlogJson.WriteText(reader.After.GetRaw(3), text);
                Assert.StartsWith(i == 0 ? "{\"b\": \"two\"," : "{\"pad\":", Encoding.UTF8.GetString(text.WrittenSpan), StringComparison.Ordinal);
            }

            Assert.Equal(7 + i, BitConverter.ToInt32(reader.After.GetRaw(2)));
            Assert.False(reader.Read());
        }
    }

    private static (int Id, string Text) Show(RowImage row)
    {
        ArrayBufferWriter<byte> text = new();
        foreach (int column in (int[])[1, 3, 5])
        {
            if (row.IsNull(column))
            {
                text.Write("NULL"u8);
            }
            else
            {
                // The text, and the expression, which tells the types that the text does not.
                BinlogJson.WriteText(row.GetRaw(column), text);
                BinlogJson.TryWriteExpression(row.GetRaw(column), new ServerVersion(9, 7, 4, "9.7.4"), text);
            }

            text.Write("|"u8);
        }

        return (BitConverter.ToInt32(row.GetRaw(0)), Encoding.UTF8.GetString(text.WrittenSpan));
    }
}
