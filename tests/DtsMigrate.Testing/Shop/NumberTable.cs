using System.Globalization;

namespace DtsMigrate.Testing;

/// <summary>Consecutive numbers as a derived table, in a form that servers without recursive queries (before 8.0.1) take too.</summary>
public static class NumberTable
{
    private const string Digits = "SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9";

    /// <summary>A derived table with the numbers in column <c>n</c>, ascending.</summary>
    /// <param name="from">First number.</param>
    /// <param name="to">Last number.</param>
    /// <param name="alias">Its name.</param>
    public static string Between(long from, long to, string alias)
    {
        int digits = (to - from).ToString(CultureInfo.InvariantCulture).Length;
        string number = string.Join('+', Enumerable.Range(0, digits).Select(i => string.Create(CultureInfo.InvariantCulture, $"d{i}.d*{Math.Pow(10, i):F0}")));
        string tables = string.Join(" JOIN ", Enumerable.Range(0, digits).Select(i => string.Create(CultureInfo.InvariantCulture, $"({Digits}) d{i}")));
        return string.Create(CultureInfo.InvariantCulture, $"(SELECT {from}+{number} n FROM {tables} WHERE {number}<={to - from} ORDER BY n) {alias}");
    }
}
