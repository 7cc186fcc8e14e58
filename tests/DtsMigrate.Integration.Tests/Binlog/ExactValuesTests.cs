using System.Buffers;
using System.Globalization;
using System.Text;
using DtsMigrate.Integration.Tests.Versions;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Binlog;

/// <summary>Every type's values, read from a real server's binlog files, must be what the server itself shows.</summary>
public sealed class ExactValuesTests
{
    private const string Session = "SET time_zone='+00:00', sql_mode='ALLOW_INVALID_DATES', NAMES utf8mb4;\n";

    /// <summary>SRID, byte order and kind in front of a point's first coordinate.</summary>
    private const int PointHeader = 9;

    private static readonly CancellationToken Token = CancellationToken.None;

    [Theory]
    [InlineData("MINIMAL")]
    [InlineData("FULL")]
    public async Task Values_of_every_type_are_decoded_as_the_server_shows_them(string rowMetadata)
    {
        MySqlServer server = await SharedServers.SourceAsync(Token);
        ColumnCase[] cases = [.. ColumnCase.For(server.Binaries.Version)];
        string database = SharedServers.NewDatabaseName("exact_values");
        await server.RunSqlAsync($"SET GLOBAL binlog_row_metadata={rowMetadata};", Token);
        BinlogRecording recording = await BinlogRecording.StartAsync(server, Token);

        StringBuilder sql = new(Session);
        sql.Append(CultureInfo.InvariantCulture, $"CREATE DATABASE {database}; USE {database};\n");
        for (int i = 0; i < cases.Length; i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"CREATE TABLE t{i} (id INT NOT NULL, v {cases[i].Type});\n");
            for (int j = 0; j < cases[i].Values.Length; j++)
            {
                sql.Append(CultureInfo.InvariantCulture, $"INSERT IGNORE INTO t{i} (id, v) VALUES ({j}, {cases[i].Values[j]});\n");
            }
        }

        await server.RunSqlAsync(sql.ToString(), Token);
        await server.RunSqlAsync("SET GLOBAL binlog_row_metadata=MINIMAL;", Token);
        Dictionary<(int Table, int Id), byte[]?> decoded = Decode(await recording.ReadAsync(Token), database, rowMetadata == "FULL");
        List<string> wrong = [];
        for (int i = 0; i < cases.Length; i++)
        {
            string shown = await server.RunSqlAsync($"{Session} SELECT id, HEX({cases[i].Expression}) FROM {database}.t{i} ORDER BY id;", Token);
            string[] lines = shown.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(cases[i].Values.Length, lines.Length);
            foreach (string line in lines)
            {
                string[] parts = line.TrimEnd('\r').Split('\t');
                int id = int.Parse(parts[0], CultureInfo.InvariantCulture);
                byte[]? expected = parts[1] == "NULL" ? null : Convert.FromHexString(parts[1]);
                byte[]? actual = decoded[(i, id)];
                if (!Same(expected, actual, cases[i].IsFloatingPoint))
                {
                    wrong.Add($"{cases[i].Type} {Short(cases[i].Values[id])}: server {Show(expected)}, decoded {Show(actual)}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Table_map_of_a_table_of_every_type_agrees_with_the_dictionary()
    {
        MySqlServer server = await SharedServers.SourceAsync(Token);
        string database = SharedServers.NewDatabaseName("table_map");
        BinlogRecording recording = await BinlogRecording.StartAsync(server, Token);
        string columns = string.Join(", ", ColumnCase.For(server.Binaries.Version).Reverse().Select(static (c, i) => $"c{i} {c.Type}"));
        await server.RunSqlAsync(
            $"{Session} SET GLOBAL binlog_row_metadata=FULL; CREATE DATABASE {database}; USE {database}; CREATE TABLE t (id INT NOT NULL PRIMARY KEY, {columns}); INSERT INTO t (id) VALUES (1);"
            + "SET GLOBAL binlog_row_metadata=MINIMAL; INSERT INTO t (id) VALUES (2);",
            Token);
        string dictionary = await server.RunSqlAsync(
            "SELECT COLUMN_NAME, IS_NULLABLE, COLUMN_TYPE LIKE '%unsigned%', IF(DATA_TYPE IN ('enum','set'), 'member', DATA_TYPE), EXTRA LIKE '%INVISIBLE%',"
            + " IF(DATA_TYPE LIKE '%binary' OR DATA_TYPE LIKE '%blob' OR DATA_TYPE='vector', 63, IFNULL(c.ID, 0)) FROM information_schema.COLUMNS LEFT JOIN information_schema.COLLATIONS c USING (COLLATION_NAME)"
            + $" WHERE TABLE_SCHEMA='{database}' ORDER BY ORDINAL_POSITION;",
            Token);
        string[][] expected = [.. dictionary.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t'))];
        List<TableMapEvent> maps = [.. (await recording.ReadAsync(Token)).OfType<TableMapEvent>().Where(m => m.Database == database)];
        Assert.Equal(2, maps.Count);
        Assert.Equal(expected.Length, maps[0].Columns.Count);
        Assert.Equal(expected.Length, maps[1].Columns.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            TableMapColumn full = maps[0].Columns[i], minimal = maps[1].Columns[i];
            Assert.Equal(expected[i][0], full.Name);
            Assert.Equal(expected[i][1] == "YES", full.IsNullable);
            Assert.Equal(expected[i][2] == "1" || full.Type == BinlogColumnType.Year, full.IsUnsigned ?? false);
            Assert.Equal(expected[i][4] == "0", full.IsVisible);
            Assert.True(expected[i][5] == (full.CollationId ?? 0).ToString(CultureInfo.InvariantCulture), $"{full} instead of collation {expected[i][5]}");
            Assert.Equal(full with { Name = null, IsVisible = null, CollationId = expected[i][3] == "member" ? null : full.CollationId }, minimal);
        }
    }

    [Fact]
    public async Task Text_of_floating_point_numbers_reads_back_to_the_same_bits()
    {
        MySqlServer server = await SharedServers.SourceAsync(Token);
        string database = SharedServers.NewDatabaseName("exact_floats");
        BinlogRecording recording = await BinlogRecording.StartAsync(server, Token);
        string[] numbers = [.. JsonValues.Doubles(1000)];
        string[] floats = [.. numbers.Where(static n => Math.Abs(double.Parse(n, CultureInfo.InvariantCulture)) < float.MaxValue)];
        await server.RunSqlAsync(
            $"{Session} CREATE DATABASE {database}; USE {database}; CREATE TABLE t0 (id INT NOT NULL, v DOUBLE); CREATE TABLE t1 (id INT NOT NULL, v FLOAT);"
            + "CREATE TABLE again0 LIKE t0; CREATE TABLE again1 LIKE t1;"
            + $"INSERT INTO t0 VALUES {Rows(numbers)}; INSERT INTO t1 VALUES {Rows(floats)};",
            Token);
        Dictionary<(int Table, int Id), byte[]?> decoded = Decode(await recording.ReadAsync(Token), database, named: false);
        foreach (int table in (int[])[0, 1])
        {
            string rows = string.Join(',', decoded.Where(d => d.Key.Table == table).Select(static d => $"({d.Key.Id}, {Encoding.ASCII.GetString(d.Value!)})"));
            string different = await server.RunSqlAsync(
                $"USE {database}; INSERT INTO again{table} VALUES {rows};"
                + $"SELECT COUNT(*), SUM(HEX(POINT(t.v, 0)) <> HEX(POINT(a.v, 0))) FROM t{table} t JOIN again{table} a USING (id);",
                Token);
            Assert.Equal($"{(table == 0 ? numbers : floats).Length}\t0", different.Trim());
        }
    }

    [Fact]
    public async Task Numbers_in_JSON_are_written_as_the_server_writes_them()
    {
        MySqlServer server = await SharedServers.SourceAsync(Token);
        string database = SharedServers.NewDatabaseName("exact_json_numbers");
        BinlogRecording recording = await BinlogRecording.StartAsync(server, Token);
        string[] numbers = [.. JsonValues.Doubles(3000)];
        await server.RunSqlAsync(
            $"{Session} CREATE DATABASE {database}; USE {database}; CREATE TABLE t0 (id INT NOT NULL, v JSON);"
            + $"INSERT INTO t0 VALUES {Rows(numbers.Select(static n => $"CAST({n} AS JSON)"))};",
            Token);
        Dictionary<(int Table, int Id), byte[]?> decoded = Decode(await recording.ReadAsync(Token), database, named: false);
        string shown = await server.RunSqlAsync($"SELECT v FROM {database}.t0 ORDER BY id;", Token);
        Assert.Equal(shown.Split('\n', StringSplitOptions.RemoveEmptyEntries), decoded.OrderBy(static d => d.Key.Id).Select(static d => Encoding.ASCII.GetString(d.Value!)));
    }

    [Fact]
    public async Task Expression_of_a_JSON_document_makes_the_same_bytes_again() =>
        await MakesTheSameBytesAsync(await SharedServers.SourceAsync(Token));

    [Theory]
    [MySqlSeries("5.7")]
    [MySqlSeries("8.0")]
    [MySqlSeries("8.4")]
    public async Task Expression_of_a_JSON_document_makes_the_same_bytes_again_on_old_servers(string series)
    {
        await using MySqlServer server = await MySqlServer.StartAsync(new() { Series = series }, Token);
        await MakesTheSameBytesAsync(server);
    }

    private static async Task MakesTheSameBytesAsync(MySqlServer server)
    {
        Version release = server.Binaries.Version;
        ServerVersion version = new(release.Major, release.Minor, release.Build, release.ToString());
        string database = SharedServers.NewDatabaseName("exact_json_types");
        string[] typed = version.HasJsonTable ? JsonValues.Typed : JsonValues.TypedBeforeJsonTable;
        string[] documents = [.. typed, .. JsonValues.All.Where(v => version.HasJsonTable || !v.Contains("YEAR", StringComparison.Ordinal)), .. JsonValues.Doubles(500).Select(static n => $"CAST({n} AS JSON)")];
        BinlogRecording recording = await BinlogRecording.StartAsync(server, Token);
        StringBuilder sql = new($"{Session} CREATE DATABASE {database}; USE {database}; CREATE TABLE t0 (id INT NOT NULL, v JSON); CREATE TABLE t1 LIKE t0;");
        sql.Append(CultureInfo.InvariantCulture, $"CREATE TABLE s {JsonValues.TypedColumns};");
        sql.Append("INSERT INTO s VALUES ('2024-01-02 03:04:05.678', '0000-00-00', '-838:59:58.999999', '2024-02-31 01:02:03.000004', 2024, 257, 18446744073709551615, 'a', 0x00FF, 0x0001FF, 'long', -12345.678, 7, 0.1);");
        for (int i = 0; i < documents.Length; i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO t0 SELECT {i}, {documents[i]} FROM s;\n");
        }

        await server.RunSqlAsync(sql.ToString(), Token);
        Dictionary<(int Table, int Id), byte[]> before = RawJson(await recording.ReadAsync(Token), database);
        sql = new StringBuilder($"SET time_zone='+00:00', sql_mode='ALLOW_INVALID_DATES,STRICT_TRANS_TABLES', NAMES binary; USE {database};");
        foreach (((_, int id), byte[] raw) in before)
        {
            ArrayBufferWriter<byte> expression = new();
            string value = BinlogJson.TryWriteExpression(raw, version, expression) ? Encoding.ASCII.GetString(expression.WrittenSpan) : $"CAST(_utf8mb4 0x{Convert.ToHexString(Text(raw))} AS JSON)";
            Assert.Equal(id < typed.Length && !documents[id].Contains("18446744073709551615", StringComparison.Ordinal), expression.WrittenCount > 0 && id < typed.Length);
            sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO t1 VALUES ({id}, {value});\n");
        }

        await server.RunSqlAsync(sql.ToString(), Token);
        Dictionary<(int Table, int Id), byte[]> after = RawJson(await recording.ReadAsync(Token), database);
        string wrong = string.Join('\n', before
            .Where(b => !after[(1, b.Key.Id)].AsSpan().SequenceEqual(b.Value))
            .Select(b => $"{documents[b.Key.Id]}: {Short(Convert.ToHexString(b.Value))} became {Short(Convert.ToHexString(after[(1, b.Key.Id)]))}"));
        Assert.True(wrong.Length == 0, wrong);
    }

    private static Dictionary<(int Table, int Id), byte[]> RawJson(List<BinlogEvent> events, string database)
    {
        Dictionary<(int Table, int Id), byte[]> values = [];
        RowsReader reader = new();
        foreach (RowsEvent rows in events.OfType<RowsEvent>().Where(e => e.Table.Database == database && e.Table.Table is ("t0" or "t1")))
        {
            reader.Reset(rows);
            while (reader.Read())
            {
                values.Add((rows.Table.Table[1] - '0', BitConverter.ToInt32(reader.After.GetRaw(0))), reader.After.GetRaw(1).ToArray());
            }
        }

        return values;
    }

    private static byte[] Text(byte[] json)
    {
        ArrayBufferWriter<byte> text = new();
        BinlogJson.WriteText(json, text);
        return text.WrittenSpan.ToArray();
    }

    private static string Rows(IEnumerable<string> values) => string.Join(',', values.Select(static (value, id) => $"({id}, {value})"));

    private static Dictionary<(int Table, int Id), byte[]?> Decode(List<BinlogEvent> events, string database, bool named)
    {
        Dictionary<(int Table, int Id), byte[]?> values = [];
        RowsReader reader = new();
        ArrayBufferWriter<byte> text = new();
        foreach (RowsEvent rows in events.OfType<RowsEvent>().Where(e => e.Table.Database == database && e.Table.Table.StartsWith('t')))
        {
            int table = int.Parse(rows.Table.Table.AsSpan(1), CultureInfo.InvariantCulture);
            Assert.Equal(named ? ["id", "v"] : new string?[] { null, null }, rows.Table.Columns.Select(static c => c.Name));
            reader.Reset(rows);
            while (reader.Read())
            {
                RowImage row = reader.After;
                int id = BitConverter.ToInt32(row.GetRaw(0));
                TableMapColumn column = rows.Table.Columns[1];
                byte[]? value = null;
                if (!row.IsNull(1))
                {
                    text.ResetWrittenCount();
                    BinlogValueWriter.WriteText(column, column.IsUnsigned ?? false, row.GetRaw(1), text);
                    value = text.WrittenSpan.ToArray();
                }

                values.Add((table, id), value);
            }
        }

        return values;
    }

    private static bool Same(byte[]? expected, byte[]? actual, bool floatingPoint)
    {
        if (expected is null || actual is null)
        {
            return expected is null && actual is null;
        }

        return floatingPoint
            ? BitConverter.ToInt64(expected, PointHeader) == BitConverter.DoubleToInt64Bits(Number(actual)) && actual.Contains((byte)'e')
            : expected.AsSpan().SequenceEqual(actual);
    }

    private static double Number(byte[] text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Show(byte[]? value) => value is null ? "NULL" : Short(Encoding.UTF8.GetString(value)) + " (" + Short(Convert.ToHexString(value)) + ")";

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + "...";
}
