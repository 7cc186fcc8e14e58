using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Wire;

public sealed class QueryTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_session_knows_server_connection_and_character_set()
    {
        await using var session = await WireServer.ConnectAsync();

        var row = (await session.QueryRowsAsync("SELECT VERSION(), CONNECTION_ID(), @@server_uuid, @@character_set_client, @@character_set_results, '\u00fc\U0001F600', NULL", None))[0];

        Assert.Equal(session.ServerVersion.Text, row.GetString(0));
        Assert.Equal(session.ConnectionId, row.GetUInt64(1));
        Assert.Equal(session.ServerUuid, row.GetString(2));
        Assert.Equal("utf8mb4", row.GetString(3));
        Assert.Equal("utf8mb4", row.GetString(4));
        Assert.Equal("\u00fc\U0001F600", row.GetString(5));
        Assert.True(row.IsNull(6));
    }

    [Fact]
    public async Task An_update_reports_matched_rows_and_the_insert_id_is_known()
    {
        await using var session = await WireServer.ConnectAsync();
        string database = await NewDatabaseAsync(session);
        await session.ExecuteAsync($"CREATE TABLE {database}.t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");

        var inserted = await session.ExecuteAsync($"INSERT INTO {database}.t (v) VALUES (1), (1), (1)");
        var updated = await session.ExecuteAsync($"UPDATE {database}.t SET v = 1");

        Assert.Equal((3UL, 1UL), (inserted.AffectedRows, inserted.LastInsertId));
        Assert.Equal("Records: 3  Duplicates: 0  Warnings: 0", inserted.Info);
        Assert.Equal(3UL, updated.AffectedRows);
        Assert.Equal("Rows matched: 3  Changed: 0  Warnings: 0", updated.Info);
    }

    [Fact]
    public async Task An_open_transaction_shows()
    {
        await using var session = await WireServer.ConnectAsync();

        await session.ExecuteAsync("START TRANSACTION");
        Assert.True(session.InTransaction);
        await session.ExecuteAsync("COMMIT");
        Assert.False(session.InTransaction);
    }

    [Fact]
    public async Task A_batch_answers_each_statement_and_names_the_one_that_fails()
    {
        await using var session = await WireServer.ConnectAsync();
        string database = await NewDatabaseAsync(session);

        var results = await session.ExecuteBatchAsync(
            Encoding.UTF8.GetBytes($"CREATE TABLE {database}.t (id INT PRIMARY KEY); INSERT INTO {database}.t VALUES (1), (2); SELECT 1; DELETE FROM {database}.t WHERE id = 9"), None);
        var error = await Assert.ThrowsAsync<MySqlServerException>(() => session.ExecuteBatchAsync(
            Encoding.UTF8.GetBytes($"INSERT INTO {database}.t VALUES (3); INSERT INTO {database}.t VALUES (1); INSERT INTO {database}.t VALUES (4)"), None));

        Assert.Equal([0UL, 2UL, 0UL, 0UL], results.Select(r => r.AffectedRows));
        Assert.Equal((1062, "23000", 1), (error.Errno, error.SqlState, error.StatementIndex));
        Assert.Equal("1,2,3", await session.ScalarAsync($"SELECT GROUP_CONCAT(id ORDER BY id) FROM {database}.t"));
    }

    [Fact]
    public async Task A_batch_of_queries_gives_the_rows_of_each_up_to_the_one_that_fails()
    {
        await using var session = await WireServer.ConnectAsync();

        var answers = new List<IReadOnlyList<TextRow>>();
        await session.QueryBatchAsync("SELECT 1; DO 0; SELECT 2, NULL UNION ALL SELECT 3, 'x'", answers, None);
        Assert.Equal([1, 0, 2], answers.Select(rows => rows.Count));
        Assert.Equal((2L, true, "x"), (answers[2][0].GetInt64(0), answers[2][0].IsNull(1), answers[2][1].GetString(1)));

        answers.Clear();
        var error = await Assert.ThrowsAsync<MySqlServerException>(() => session.QueryBatchAsync("SELECT 1; SELECT * FROM nowhere.nothing; SELECT 3", answers, None));
        Assert.Equal(1, error.StatementIndex);
        Assert.Single(answers);
        Assert.Equal("4", await session.ScalarAsync("SELECT 4"));
    }

    [Fact]
    public async Task A_server_error_shows_the_statement_but_never_one_with_a_password()
    {
        await using var session = await WireServer.ConnectAsync();

        var plain = await Assert.ThrowsAsync<MySqlServerException>(() => session.ExecuteAsync("SELECT * FROM nowhere.nothing"));
        var secret = await Assert.ThrowsAsync<MySqlServerException>(() => session.ExecuteAsync("CREATE USER x@y IDENTIFIED BY 'hush' WRONG 'hush'"));

        Assert.Equal("SELECT * FROM nowhere.nothing", plain.Target);
        Assert.DoesNotContain("hush", secret.ToString(), StringComparison.Ordinal);
        Assert.Equal(1064, secret.Errno);
        Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_row_of_40_MiB_and_a_statement_of_20_MiB_pass_unchanged()
    {
        await using var session = await WireServer.ConnectAsync();
        const int statementLength = 20 << 20;

        Assert.Equal(
            statementLength.ToString(),
            await session.ScalarAsync($"SELECT LENGTH('{new string('x', statementLength)}')"));

        await using var result = await session.QueryAsync("SELECT REPEAT('abcdefgh', 5 * 1024 * 1024), 'tail' UNION ALL SELECT 'b', 'c'", None);
        Assert.True(await result.ReadAsync(None));
        CheckBigRow(result.Fields);
        Assert.True(await result.ReadAsync(None));
        Assert.False(await result.ReadAsync(None));
    }

    [Fact]
    public async Task Payloads_around_the_16_MiB_packet_limit_pass_both_ways()
    {
        await using var session = await WireServer.ConnectAsync();
        foreach (int delta in (int[])[-2, -1, 0, 1, 2])
        {
            int full = 0xFFFFFF + delta;
            string sql = $"SELECT LENGTH('{new string('x', full - "?SELECT LENGTH('')".Length)}')";
            Assert.Equal((full - "?SELECT LENGTH('')".Length).ToString(), await session.ScalarAsync(sql));

            var row = (await session.QueryRowsAsync($"SELECT REPEAT('y', {full} - 4)", None))[0];
            Assert.Equal(full - 4, row.GetBytes(0).Length);
        }
    }

    [Fact]
    public async Task A_result_disposed_early_leaves_the_session_usable()
    {
        await using var session = await WireServer.ConnectAsync();
        await using (var few = await session.QueryAsync("SELECT 1 UNION SELECT 2", None))
        {
            Assert.True(await few.ReadAsync(None));
            await Assert.ThrowsAsync<InvalidOperationException>(() => session.PingAsync(None));
        }

        string database = await NewDatabaseAsync(session);
        await session.ExecuteAsync($"CREATE TABLE {database}.t (id INT PRIMARY KEY)");
        await session.ExecuteAsync($"INSERT INTO {database}.t VALUES {string.Join(',', Enumerable.Range(0, 1000).Select(i => $"({i})"))}");
        var random = new Random(11);
        for (int run = 0; run < 20; run++)
        {
            await using (var endless = await session.QueryAsync($"SELECT REPEAT('x', 1000) FROM {database}.t a, {database}.t b, {database}.t c", None))
            {
                for (int i = random.Next(2_000); i >= 0; i--)
                {
                    Assert.True(await endless.ReadAsync(None));
                }
            }

            Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
        }

        Assert.False(session.IsBroken);
    }

    [Fact]
    public async Task A_procedure_with_several_results_leaves_the_session_in_step()
    {
        await using var session = await WireServer.ConnectAsync();
        string database = await NewDatabaseAsync(session);
        await session.ExecuteAsync($"CREATE PROCEDURE {database}.p() BEGIN SELECT 1; SELECT 2, 3; END");

        Assert.Single(await session.QueryRowsAsync($"CALL {database}.p()", None));
        await session.ExecuteAsync($"CALL {database}.p()");
        Assert.Equal("4", await session.ScalarAsync("SELECT 4"));
    }

    internal static async Task<string> NewDatabaseAsync(MySql.Session.MySqlSession session)
    {
        string name = SharedServers.NewDatabaseName("wire");
        await session.ExecuteAsync($"CREATE DATABASE {name}");
        return name;
    }

    private static void CheckBigRow(MySql.Session.TextRowReader fields)
    {
        Assert.True(fields.ReadField(out var big));
        Assert.Equal(40 << 20, big.Length);
        Assert.Equal("abcdefgh"u8.ToArray(), big[^8..].ToArray());
        Assert.True(fields.ReadField(out var tail));
        Assert.Equal("tail"u8.ToArray(), tail.ToArray());
        Assert.True(fields.AtEnd);
    }
}
