using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Integration.Tests.Wire;

public sealed class LoadLocalTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_produced_stream_becomes_rows_and_the_counts_are_told()
    {
        await using var session = await WireServer.ConnectAsync();
        string table = await TableAsync(session);

        var result = await session.LoadLocalAsync(Load(table), async (stream, token) =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                Write(stream, $"{i}\tvalue {i}\n");
                if (stream.Buffered > 256 << 10)
                {
                    await stream.FlushAsync(token);
                }
            }
        }, None);

        Assert.Equal(new LoadResult(100_000, 0, 0, 0), result);
        Assert.Equal("100000 value 99999", await session.ScalarAsync($"SELECT CONCAT(COUNT(*), ' ', MAX(IF(id = 99999, v, ''))) FROM {table}"));
    }

    [Fact]
    public async Task Coerced_values_and_duplicates_show_as_warnings_and_skipped()
    {
        await using var session = await WireServer.ConnectAsync();
        string table = await TableAsync(session);

        var result = await session.LoadLocalAsync(Load(table), (stream, _) =>
        {
            Write(stream, "1\ta\n1\tb\nx\tc\n");
            return Task.CompletedTask;
        }, None);

        Assert.Equal(3, result.Records);
        Assert.Equal(1, result.Skipped);
        Assert.True(result.Warnings > 0);
    }

    [Fact]
    public async Task An_unflushed_stream_of_40_MiB_passes_unchanged()
    {
        await using var session = await WireServer.ConnectAsync();
        string table = await TableAsync(session);
        string value = new('v', 40 << 20);

        var result = await session.LoadLocalAsync(Load(table), (stream, _) =>
        {
            Write(stream, $"7\t{value}\n");
            return Task.CompletedTask;
        }, None);

        Assert.Equal(1, result.Records);
        Assert.Equal((40 << 20).ToString(), await session.ScalarAsync($"SELECT LENGTH(v) FROM {table}"));
    }

    [Fact]
    public async Task The_exception_of_the_producer_comes_back_and_the_session_lives_on()
    {
        await using var session = await WireServer.ConnectAsync();
        string table = await TableAsync(session);
        await session.ExecuteAsync("START TRANSACTION");

        var error = await Assert.ThrowsAsync<FormatException>(() => session.LoadLocalAsync(Load(table), async (stream, token) =>
        {
            Write(stream, "1\tok\n");
            await stream.FlushAsync(token);
            throw new FormatException("producer");
        }, None));
        await session.ExecuteAsync("ROLLBACK");

        Assert.Equal("producer", error.Message);
        Assert.Equal("0", await session.ScalarAsync($"SELECT COUNT(*) FROM {table}"));
    }

    [Fact]
    public async Task A_failure_in_the_middle_of_the_stream_is_reported_after_the_stream_has_ended()
    {
        await using var session = await WireServer.ConnectAsync();
        string table = await TableAsync(session);
        await session.ExecuteAsync($"CREATE TRIGGER {table}_bi BEFORE INSERT ON {table} FOR EACH ROW BEGIN IF NEW.id = 10 THEN KILL QUERY CONNECTION_ID(); END IF; END");

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => session.LoadLocalAsync(Load(table), async (stream, token) =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                Write(stream, $"{i}\tvalue {i}\n");
                await stream.FlushAsync(token);
            }
        }, None));

        Assert.Equal(1317, error.Errno);
        Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_statement_that_fails_before_the_stream_never_calls_the_producer()
    {
        await using var session = await WireServer.ConnectAsync();

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => session.LoadLocalAsync(
            Load("nowhere.nothing"), (_, _) => throw new InvalidOperationException("called"), None));

        Assert.Contains(error.Errno, (int[])[1146, 1049]);
        Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_file_request_by_a_statement_of_another_road_is_refused_and_ends_the_session()
    {
        await using var session = await WireServer.ConnectAsync();
        string table = await TableAsync(session);

        await Assert.ThrowsAsync<MySqlProtocolException>(() => session.ExecuteAsync("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE " + table));

        Assert.True(session.IsBroken);
    }

    internal static string Load(string table) => $"LOAD DATA LOCAL INFILE 'x' INTO TABLE {table}";

    internal static void Write(LocalInfileWriter stream, string text)
    {
        var span = stream.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        stream.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    internal static async Task<string> TableAsync(MySqlSession session)
    {
        string database = await QueryTests.NewDatabaseAsync(session);
        await session.ExecuteAsync($"CREATE TABLE {database}.t (id INT PRIMARY KEY, v LONGTEXT)");
        return $"{database}.t";
    }
}
