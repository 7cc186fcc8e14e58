using System.Globalization;
using System.Threading.Channels;
using DtsMigrate.Benchmarks.Data;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy.Contenders;

/// <summary>
/// The limit: the destination loads files that are ready on its own disk, with as many streams and the same session settings as the engine. No tool that goes
/// through SQL can be faster with the same settings.
/// </summary>
internal sealed class ServerLoadContender(MySqlBinaries binaries, DataSet set, bool binlog, bool indexLate) : IContender
{
    private const string RowSession =
        "SET NAMES binary, time_zone='+00:00', foreign_key_checks=0, unique_checks=1, transaction_isolation='READ-COMMITTED', "
        + "sql_mode='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', "
        + "innodb_ddl_buffer_size=33554432, innodb_ddl_threads=2, innodb_parallel_read_threads=2";

    public string Name { get; } = $"limit{(indexLate ? "" : ", index in place")}{(binlog ? "" : ", binlog off")}";

    public string? Absent => binaries.DockerImage is null ? null : "servers in containers share no folder";

    /// <summary>Writes the files; not timed.</summary>
    public static async Task WriteFilesAsync(Arena arena, DataSet set, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(FolderOf(arena));
        foreach (var file in folder.EnumerateFiles())
        {
            file.Delete();
        }

        var statements = set.Tables.SelectMany(table => Enumerable.Range(0, table.Parts).Select(part =>
        {
            var (first, last) = table.Range(part);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT * FROM {table.FullName} WHERE id BETWEEN {first} AND {last} ORDER BY id INTO OUTFILE '{FileOf(arena, table, part)}' CHARACTER SET {set.Charset};");
        }));
        await arena.Source.RunSqlAsync(string.Concat(statements), cancellationToken);
    }

    public async Task<WorkerResult?> CopyAsync(Arena arena, CancellationToken cancellationToken)
    {
        await using (var session = await ConnectAsync(arena, cancellationToken))
        {
            await session.ExecuteAsync(DataSet.CreateDatabase, cancellationToken);
        }

        await RunAsync(arena, set.Tables.Select(table => new Work(arena, set, table, indexLate)), (session, work, next, token) => work.LoadNextAsync(session, next, token), cancellationToken);
        if (indexLate)
        {
            // At the end, as the engine has them.
            var foreignKeys = set.Tables.Select(table => table.AddForeignKeys()).OfType<string>();
            await RunAsync(arena, foreignKeys, async (session, sql, _, token) => await session.ExecuteAsync(sql, token), cancellationToken);
        }

        return null;
    }

    /// <summary>Works through a queue with as many sessions as the engine has copy threads.</summary>
    private async Task RunAsync<T>(Arena arena, IEnumerable<T> items, Func<MySqlSession, T, Func<T, bool>, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var queue = Channel.CreateUnbounded<T>();
        var left = 0;
        foreach (var item in items)
        {
            left++;
            queue.Writer.TryWrite(item);
        }

        if (left == 0)
        {
            return;
        }

        await Task.WhenAll(Enumerable.Range(0, Arena.Streams).Select(_ => StreamAsync()));

        async Task StreamAsync()
        {
            try
            {
                await using var session = await ConnectAsync(arena, cancellationToken);
                await foreach (var item in queue.Reader.ReadAllAsync(cancellationToken))
                {
                    await work(session, item, Again, cancellationToken);
                    if (Interlocked.Decrement(ref left) == 0)
                    {
                        queue.Writer.Complete();
                    }
                }
            }
            catch (Exception e)
            {
                // The others must not wait for what this one does not finish.
                queue.Writer.TryComplete(e);
                throw;
            }
        }

        bool Again(T item)
        {
            Interlocked.Increment(ref left);
            return queue.Writer.TryWrite(item);
        }
    }

    private async Task<MySqlSession> ConnectAsync(Arena arena, CancellationToken cancellationToken)
    {
        var server = arena.Destination;
        var session = await MySqlSession.ConnectAsync(
            new MySqlSessionOptions { Host = server.Host, Port = server.Port, User = server.User, Tls = TlsMode.Disabled }, TimeProvider.System, cancellationToken);
        await session.ExecuteAsync(RowSession, cancellationToken);
        if (!binlog)
        {
            await session.ExecuteAsync("SET sql_log_bin=0", cancellationToken);
        }

        return session;
    }

    private static string FolderOf(Arena arena) => Path.Combine(arena.Folder, "limit");

    private static string FileOf(Arena arena, BenchTable table, int part) => Path.Combine(FolderOf(arena), string.Create(CultureInfo.InvariantCulture, $"{table.Name}.{part}.tsv"));

    /// <summary>A table under way. It is in the queue once for each of its pieces; who loads the last one builds its indexes.</summary>
    private sealed class Work(Arena arena, DataSet set, BenchTable table, bool indexLate)
    {
        private int _nextPart;
        private int _loaded;

        public async Task LoadNextAsync(MySqlSession session, Func<Work, bool> again, CancellationToken cancellationToken)
        {
            var part = Interlocked.Increment(ref _nextPart) - 1;
            if (part == 0)
            {
                await session.ExecuteAsync(indexLate ? table.CreateBare() : table.Create(), cancellationToken);
                foreach (var _ in Enumerable.Range(1, table.Parts - 1))
                {
                    again(this);
                }
            }

            await session.ExecuteAsync($"LOAD DATA INFILE '{FileOf(arena, table, part)}' INTO TABLE {table.FullName} CHARACTER SET {set.Charset}", cancellationToken);
            if (Interlocked.Increment(ref _loaded) == table.Parts && indexLate && table.AddIndexes() is { } indexes)
            {
                await session.ExecuteAsync(indexes, cancellationToken);
            }
        }
    }
}
