namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>A table with a random unique key of one to four columns, random partitions and random rows.</summary>
internal sealed class RandomKeyTable
{
    private RandomKeyTable(string create, string? insert, bool nullable)
    {
        Create = create;
        Insert = insert;
        AllowNullable = nullable;
    }

    /// <summary>CREATE TABLE t.</summary>
    public string Create { get; }

    /// <summary>INSERT of its rows, those that collide left out; null for an empty table.</summary>
    public string? Insert { get; }

    /// <summary>The key may hold NULLs.</summary>
    public bool AllowNullable { get; }

    public static RandomKeyTable Next(Random random)
    {
        bool nullable = random.Next(6) == 0;
        bool primary = !nullable && random.Next(3) > 0;
        int count = Math.Min(1 + random.Next(4), 1 + random.Next(4));
        var definitions = new List<string>();
        var names = new List<string>();
        var parts = new List<string>();
        var values = new List<Func<string>>();
        var integers = new List<string>();
        for (int i = 0; i < count; i++)
        {
            string name = random.Next(5) == 0 ? $"`k`` {i}`" : $"k{i}";
            bool canBeNull = nullable && random.Next(3) > 0;
            string suffix = canBeNull ? " NULL" : " NOT NULL";
            if (random.Next(10) == 0)
            {
                // A generated column and what it is made of.
                definitions.Add($"g{i} INT NOT NULL");
                definitions.Add($"{name} {(random.Next(2) == 0 ? "BIGINT" : "VARCHAR(20)")} GENERATED ALWAYS AS (g{i} DIV 3) {(primary || random.Next(2) == 0 ? "STORED" : "VIRTUAL")}{suffix}");
                names.Add($"g{i}");
                values.Add(() => random.Next(60).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                var (type, value) = KeyTypes.Next(random);
                definitions.Add($"{name} {type}{suffix}{(random.Next(8) == 0 ? " INVISIBLE" : string.Empty)}");
                names.Add(name);
                values.Add(canBeNull ? () => random.Next(3) == 0 ? "NULL" : value() : value);
                if (type.Contains("INT", StringComparison.Ordinal))
                {
                    integers.Add(name);
                }
            }

            parts.Add(name + (random.Next(4) == 0 ? " DESC" : string.Empty));
        }

        definitions.Add("v INT");
        names.Add("v");
        values.Add(() => random.Next(3).ToString(System.Globalization.CultureInfo.InvariantCulture));
        definitions.Add((primary ? "PRIMARY KEY (" : "UNIQUE KEY `a key` (") + string.Join(',', parts) + ")");
        string create = $"CREATE TABLE t ({string.Join(", ", definitions)}) CHARACTER SET utf8mb4{Partitions(random, integers)}";
        int rows = random.Next(8) == 0 ? random.Next(3) : random.Next(10, 120);
        string? insert = rows == 0 ? null : $"INSERT IGNORE INTO t ({string.Join(',', names)}) VALUES " + string.Join(',', Enumerable.Range(0, rows).Select(_ => $"({string.Join(',', values.Select(v => v()))})"));
        return new RandomKeyTable(create, insert, nullable);
    }

    private static string Partitions(Random random, List<string> integers)
    {
        if (integers.Count == 0 || random.Next(2) == 0)
        {
            return string.Empty;
        }

        string column = integers[random.Next(integers.Count)];
        return random.Next(4) switch
        {
            0 => $" PARTITION BY HASH ({column}) PARTITIONS {random.Next(1, 6)}",
            1 => $" PARTITION BY LINEAR KEY ({column}) PARTITIONS {random.Next(1, 6)}",
            2 => $" PARTITION BY RANGE ({column}) SUBPARTITION BY KEY ({column}) SUBPARTITIONS 2 (PARTITION `p 0` VALUES LESS THAN (1), PARTITION `p``'1` VALUES LESS THAN (20), PARTITION パ VALUES LESS THAN MAXVALUE)",
            _ => $" PARTITION BY RANGE COLUMNS ({column}) (PARTITION p0 VALUES LESS THAN (5), PARTITION p1 VALUES LESS THAN (MAXVALUE))",
        };
    }
}
