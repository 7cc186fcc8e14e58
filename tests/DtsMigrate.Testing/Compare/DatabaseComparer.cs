using System.Globalization;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Testing.Compare;

/// <summary>Compares two databases table by table with <see cref="RowDigest"/>.</summary>
public static class DatabaseComparer
{
    /// <summary>Tables that are not equal, each in words; empty when both sides hold the same rows.</summary>
    /// <param name="source">Source.</param>
    /// <param name="sourceDatabase">Its database.</param>
    /// <param name="destination">Destination.</param>
    /// <param name="destinationDatabase">Its database.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<IReadOnlyList<string>> CompareAsync(
        MySqlSessionOptions source, string sourceDatabase, MySqlSessionOptions destination, string destinationDatabase, CancellationToken cancellationToken)
    {
        await using MySqlSession left = await OpenAsync(source, cancellationToken);
        await using MySqlSession right = await OpenAsync(destination, cancellationToken);
        IReadOnlyList<string> tables = await TablesAsync(left, sourceDatabase, cancellationToken);
        var differences = new List<string>();
        differences.AddRange((await TablesAsync(right, destinationDatabase, cancellationToken)).Except(tables).Select(t => $"{t}: only on the destination"));
        foreach (string table in tables)
        {
            IReadOnlyList<string> expressions = await RowDigest.ExpressionsAsync(left, sourceDatabase, table, cancellationToken);
            Task<RowDigest> reading = RowDigest.OfAsync(left, sourceDatabase, table, expressions, cancellationToken);
            RowDigest second = await TryAsync(right, destinationDatabase, table, expressions, cancellationToken);
            RowDigest first = await reading;
            if (first != second)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{table}: {first.Rows} rows on the source, {second.Rows} on the destination, digests differ"));
            }
        }

        return differences;
    }

    private static async Task<RowDigest> TryAsync(MySqlSession session, string database, string table, IReadOnlyList<string> expressions, CancellationToken cancellationToken)
    {
        try
        {
            return await RowDigest.OfAsync(session, database, table, expressions, cancellationToken);
        }
        catch (MySql.Errors.MySqlServerException)
        {
            return new RowDigest(-1, default);
        }
    }

    private static async Task<IReadOnlyList<string>> TablesAsync(MySqlSession session, string database, CancellationToken cancellationToken) =>
        [.. (await session.QueryRowsAsync($"SELECT TABLE_NAME FROM information_schema.TABLES WHERE BINARY TABLE_SCHEMA = BINARY {SqlText.Literal(database)} AND TABLE_TYPE = 'BASE TABLE' ORDER BY BINARY TABLE_NAME", cancellationToken)).Select(static r => r.GetString(0))];

    private static async Task<MySqlSession> OpenAsync(MySqlSessionOptions options, CancellationToken cancellationToken)
    {
        MySqlSession session = await MySqlSession.ConnectAsync(options with { Database = null }, TimeProvider.System, cancellationToken);
        await session.ExecuteAsync("SET SESSION time_zone = '+00:00', sql_mode = '' /*!80030 , show_gipk_in_create_table_and_information_schema = ON */", cancellationToken);
        return session;
    }
}
