using System.Text;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>Shows rows that only one side has, for whoever looks for the reason.</summary>
internal static class RowDifferences
{
    private const int Most = 5;

    public static async Task<string> DescribeAsync(MySqlSessionOptions source, MySqlSessionOptions destination, string database, IReadOnlyList<string> differences, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await using MySqlSession left = await MySqlSession.ConnectAsync(source, TimeProvider.System, cancellationToken);
        await using MySqlSession right = await MySqlSession.ConnectAsync(destination, TimeProvider.System, cancellationToken);
        foreach (string table in differences.Select(static d => d[..d.IndexOf(':', StringComparison.Ordinal)]))
        {
            IReadOnlyList<string> expressions = await RowDigest.ExpressionsAsync(left, database, table, cancellationToken);
            List<string> first = await ReadAsync(left, database, table, expressions, cancellationToken);
            List<string> second = await ReadAsync(right, database, table, expressions, cancellationToken);
            text.AppendLine(table);
            Append(text, "only on the source", first, second);
            Append(text, "only on the destination", second, first);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, List<string> rows, List<string> others)
    {
        var left = others.GroupBy(static r => r).ToDictionary(static g => g.Key, static g => g.Count());
        int shown = 0;
        foreach (string row in rows)
        {
            if (left.TryGetValue(row, out int count) && count > 0)
            {
                left[row] = count - 1;
            }
            else if (shown++ < Most)
            {
                text.AppendLine($"  {title}: {(row.Length > 600 ? row[..600] : row)}");
            }
        }
    }

    private static async Task<List<string>> ReadAsync(MySqlSession session, string database, string table, IReadOnlyList<string> expressions, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("SET SESSION time_zone='+00:00', group_concat_max_len=1000000", cancellationToken);
        string sql = $"SELECT CONCAT_WS('|',{string.Join(',', expressions.Select(static e => string.Join(',', e.Split("),").Select((p, i) => i == 0 && e.Contains("),", StringComparison.Ordinal) ? $"IFNULL({p}),'NULL')" : $"IFNULL({p},'NULL')"))))}) FROM {SqlText.Name(database, table)}";
        return [.. (await session.QueryRowsAsync(sql, cancellationToken)).Select(static r => r.GetString(0))];
    }
}
