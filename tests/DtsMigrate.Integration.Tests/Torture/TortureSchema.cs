using System.Globalization;
using static DtsMigrate.Integration.Tests.Torture.TortureValues;

namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>Tables of every type, key shape and constraint.</summary>
internal static class TortureSchema
{
    /// <summary>Keys are drawn below this, so that connections meet on the same rows.</summary>
    private const int Keys = 400;

    /// <summary>The tables, parents before children.</summary>
    public static IReadOnlyList<TortureTable> Tables { get; } =
    [
        new(
            "numbers",
            "(id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, t TINYINT, s SMALLINT UNSIGNED, m MEDIUMINT, i INT, b BIGINT UNSIGNED, d DECIMAL(30,10), f FLOAT, g DOUBLE, o BIT(13), y YEAR, KEY (i), KEY (d))",
            [
                new("t", OrNull(Integer(-128, 127))), new("s", OrNull(Integer(0, 65535))), new("m", OrNull(Integer(-8388608, 8388607))), new("i", OrNull(Integer(int.MinValue, int.MaxValue))),
                new("b", OrNull(Integer(0, long.MaxValue))), new("d", OrNull(TortureValues.Decimal)), new("f", OrNull(Float)), new("g", OrNull(TortureValues.Double)), new("o", Integer(0, 8191)), new("y", Pick("NULL", "0", "1901", "2155", "2024")),
            ],
            ById),
        new(
            "times",
            "(id INT NOT NULL PRIMARY KEY, d DATE, t TIME(6), dt DATETIME(3), dt0 DATETIME, ts TIMESTAMP(6) NULL, ts0 TIMESTAMP NULL DEFAULT NULL, UNIQUE KEY (dt, id))",
            [new("id", Key(Keys)), new("d", OrNull(Date)), new("t", OrNull(Time)), new("dt", OrNull(DateTimeText)), new("dt0", OrNull(DateTimeText)), new("ts", OrNull(Timestamp)), new("ts0", OrNull(Timestamp))],
            ById),
        new(
            "texts",
            "(k VARCHAR(40) NOT NULL PRIMARY KEY, u VARCHAR(30) COLLATE utf8mb4_general_ci NULL UNIQUE, c CHAR(10), l VARCHAR(60) CHARACTER SET latin1, x TEXT, mt MEDIUMTEXT, vb VARBINARY(90), bn BINARY(8), bl BLOB, lb LONGBLOB, KEY (x(5)), FULLTEXT KEY (x)) DEFAULT CHARSET=utf8mb4",
            [
                new("k", Text(12)), new("u", OrNull(Text(6))), new("c", OrNull(Text(8))), new("l", OrNull(Latin(50))), new("x", OrNull(Text(400))), new("mt", OrNull(Text(900))), new("vb", OrNull(Bytes(60))),
                new("bn", OrNull(Bytes(8))), new("bl", OrNull(Bytes(200))), new("lb", random => random.Next(40) == 0 ? $"REPEAT(X'00FF5C27',{random.Next(1, 70000)})" : "NULL"),
            ],
            random => $"k LIKE '{(char)('a' + random.Next(4))}%{random.Next(30)}'"),
        new(
            "kinds",
            "(e ENUM('','a','b','ü') NOT NULL, s SET('x','y','z') NOT NULL, n INT NOT NULL, j JSON, p GEOMETRY, v VECTOR(3), PRIMARY KEY (n, e), KEY (s))",
            [
                new("e", Pick("''", "'a'", "'b'", "'ü'")), new("s", Pick("''", "'x'", "'x,z'", "'y'")), new("n", Key(Keys)), new("j", OrNull(Json)), new("p", OrNull(Geometry)),
                new("v", OrNull(random => string.Create(CultureInfo.InvariantCulture, $"TO_VECTOR('[{random.Next(9)},{random.NextDouble():F3},-1e10]')"))),
            ],
            random => $"n BETWEEN {random.Next(Keys)} AND {random.Next(Keys)} AND e='{(random.Next(2) == 0 ? "a" : "b")}'"),
        new(
            "composite",
            "(a INT NOT NULL, b VARCHAR(20) CHARACTER SET latin1 NOT NULL, u1 INT UNIQUE, u2 INT, u3 VARCHAR(10), w INT, PRIMARY KEY (b, a), UNIQUE KEY (u2, u3), KEY (w))",
            [new("a", Key(40)), new("b", Latin(2)), new("u1", OrNull(Key(200))), new("u2", OrNull(Key(20))), new("u3", OrNull(Text(2))), new("w", OrNull(Integer(-5, 5)))],
            random => $"a BETWEEN {random.Next(40)} AND {random.Next(40)}"),
        new(
            "keyless",
            "(a INT, f FLOAT, v VARCHAR(20), j JSON, d DATETIME(6), x BLOB)",
            [new("a", Key(30)), new("f", OrNull(Float)), new("v", OrNull(Text(3))), new("j", OrNull(Json)), new("d", OrNull(DateTimeText)), new("x", OrNull(Bytes(12)))],
            random => $"a={random.Next(30)}"),
        new(
            "uniqueonly",
            "(k DECIMAL(12,3) NOT NULL, h BINARY(4) NOT NULL, v INT, UNIQUE KEY (k, h))",
            [new("k", random => string.Create(CultureInfo.InvariantCulture, $"{random.Next(Keys)}.{random.Next(3)}25")), new("h", Bytes(4)), new("v", OrNull(Integer(-9, 9)))],
            random => $"k BETWEEN {random.Next(Keys)} AND {random.Next(Keys)}"),
        new(
            "parent",
            "(id INT NOT NULL PRIMARY KEY, code INT NOT NULL UNIQUE, v INT)",
            [new("id", Key(Keys)), new("code", Key(Keys)), new("v", OrNull(Integer(-9, 9)))],
            ById),
        new(
            "child",
            "(id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id INT, code INT, parent_code INT, v INT, UNIQUE KEY (code), FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE ON UPDATE CASCADE, FOREIGN KEY (parent_code) REFERENCES parent (code) ON DELETE SET NULL ON UPDATE CASCADE)",
            [new("parent_id", OrNull(Key(Keys))), new("code", OrNull(Key(2000))), new("parent_code", OrNull(Key(Keys))), new("v", OrNull(Integer(-9, 9)))],
            random => $"id%97={random.Next(97)}"),
        new(
            "grandchild",
            "(id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, code INT, v INT, FOREIGN KEY (code) REFERENCES child (code) ON DELETE CASCADE ON UPDATE SET NULL)",
            [new("code", OrNull(Key(2000))), new("v", OrNull(Integer(-9, 9)))],
            random => $"id%97={random.Next(97)}"),
        new(
            "tree",
            "(id INT NOT NULL PRIMARY KEY, up INT, v INT, FOREIGN KEY (up) REFERENCES tree (id))",
            [new("id", Key(Keys)), new("up", OrNull(Key(Keys))), new("v", OrNull(Integer(-9, 9)))],
            ById),
        new(
            "computed",
            "(id INT NOT NULL PRIMARY KEY, a INT, b VARCHAR(30), vg INT GENERATED ALWAYS AS (a*2+1) VIRTUAL, sg VARCHAR(60) GENERATED ALWAYS AS (CONCAT(b,'-',a)) STORED, hidden INT INVISIBLE DEFAULT 5, UNIQUE KEY (vg), KEY (sg), KEY ((a+id)), UNIQUE KEY ((LOWER(b)), a), CHECK (a < 100000))",
            [new("id", Key(Keys)), new("a", OrNull(Key(3000))), new("b", OrNull(Latin(3))), new("hidden", Key(50))],
            ById),
        new(
            "parts",
            "(id INT NOT NULL, r INT NOT NULL, v VARCHAR(50), PRIMARY KEY (id, r)) PARTITION BY RANGE (r) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (300), PARTITION p2 VALUES LESS THAN MAXVALUE)",
            [new("id", Key(60)), new("r", Key(Keys)), new("v", OrNull(Text(30)))],
            random => $"r={random.Next(Keys)}"),
        new(
            "gipk",
            "(a INT, v VARCHAR(30), UNIQUE KEY (v))",
            [new("a", Key(60)), new("v", OrNull(Text(6)))],
            random => $"a={random.Next(60)}")
        {
            Before = "SET SESSION sql_generate_invisible_primary_key=ON",
        },
    ];

    private static string ById(Random random) => random.Next(3) == 0 ? $"id BETWEEN {random.Next(Keys)} AND {random.Next(Keys)} LIMIT {random.Next(1, 30)}" : $"id={random.Next(1, Keys)}";
}
