using System.Globalization;

namespace DtsMigrate.Integration.Tests.Binlog;

/// <summary>Random JSON documents with types and odd keys, and chains of the functions that servers log as partial updates.</summary>
internal sealed class JsonUpdates(int seed)
{
    private static readonly string[] Keys =
    [
        "a", "bb", "_x", "k1", "ключ", "", "a.b", "$", "with space", "quo\"te", "back\\slash", "brack[0]et", "tab\tkey", "😀", "long key of a length that is not short at all", "apo'strophe", "null", "\u0001ctl", "ünï",
    ];

    private readonly Random _random = new(seed);

    /// <summary>SQL expression of a document; a long member makes partial updates worth while.</summary>
    public string Document()
    {
        string members = string.Join(',', Enumerable.Range(0, _random.Next(1, 7)).Select(_ => $"{Literal(Key())},{Value(1)}"));
        return _random.Next(6) == 0
            ? $"JSON_ARRAY(REPEAT('pad', 200),{Value(1)},{Value(1)},{Value(1)})"
            : $"JSON_OBJECT('pad',REPEAT('pad', {_random.Next(1, 300)}),{members})";
    }

    /// <summary>SQL expression that changes a column.</summary>
    public string Change(string column)
    {
        string expression = column;
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            expression = _random.Next(5) switch
            {
                0 => $"JSON_REMOVE({expression},{Path(1)})",
                1 => $"JSON_REPLACE({expression},{Path(0)},{Value(2)},{Path(1)},{Value(2)})",
                _ => $"JSON_SET({expression},{Path(1)},{Value(1)},{Path(1)},{Value(3)})",
            };
        }

        return expression;
    }

    private string Key() => Keys[_random.Next(_random.Next(2) == 0 ? 4 : Keys.Length)];

    private string Path(int least)
    {
        string path = "$";
        for (int i = _random.Next(least, 4); i > 0; i--)
        {
            path += _random.Next(3) switch
            {
                0 => _random.Next(5) switch { 0 => "[0]", 1 => "[1]", 2 => "[last]", 3 => "[last-1]", _ => "[99]" },
                _ => Key() is var key && _random.Next(2) == 0 && key.Length > 0 && key.All(char.IsAsciiLetter) ? $".{key}" : "." + Quoted(Key()),
            };
        }

        return Literal(path.Length == 1 && least > 0 ? "$.a" : path);
    }

    private string Value(int depth)
    {
        int size = _random.Next(0, 4);
        return _random.Next(depth > 3 ? 2 : 0, 15) switch
        {
            0 => $"JSON_OBJECT({string.Join(',', Enumerable.Range(0, size).Select(_ => $"{Literal(Key())},{Value(depth + 1)}"))})",
            1 => $"JSON_ARRAY({string.Join(',', Enumerable.Range(0, size).Select(_ => Value(depth + 1)))})",
            2 => $"CAST({_random.Next(0, 1000)} AS DECIMAL({_random.Next(10, 30)},{_random.Next(0, 6)}))",
            3 => $"{_random.Next(-9, 9)}.{_random.Next(0, 1000):000}",
            4 => _random.Next(-100_000, 100_000).ToString(CultureInfo.InvariantCulture),
            5 => $"CAST({_random.NextInt64(0, long.MaxValue)} AS UNSIGNED)",
            6 => $"{_random.NextDouble().ToString("R", CultureInfo.InvariantCulture)}e0",
            7 => "CAST('null' AS JSON)",
            8 => "CAST('2024-02-29' AS DATE)",
            9 => "TIMESTAMP'2024-01-01 00:00:00.5'",
            10 => "CAST('-838:59:59' AS TIME)",
            11 => "x'00FF41'",
            12 => "CAST('true' AS JSON)",
            13 => $"REPEAT('ä', {_random.Next(0, 200)})",
            _ => $"CAST({_random.Next(0, 70_000)} AS SIGNED)",
        };
    }

    private static string Quoted(string key)
    {
        string escaped = key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\u0001", "\\u0001", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }

    private static string Literal(string text) => $"CONVERT(X'{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text))}' USING utf8mb4)";
}
