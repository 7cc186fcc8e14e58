using System.Globalization;
using System.Text;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>
/// Random transactions over a few tables that are hard to merge: unique values that wander and swap, keys that change, keys that are equal only under their
/// collation, functional and generated unique keys, foreign keys, a table without a key. Few rows, so that every one is hot.
/// </summary>
/// <param name="seed">Seed.</param>
/// <param name="keyless">Change the table without a key, too.</param>
internal sealed class RandomWorkload(int seed, bool keyless = true)
{
    public const string Tables =
        """
        CREATE TABLE a (id INT PRIMARY KEY, u INT UNIQUE, s VARCHAR(20) COLLATE utf8mb4_0900_ai_ci UNIQUE, v INT, j JSON);
        CREATE TABLE b (k VARCHAR(10) COLLATE utf8mb4_0900_ai_ci PRIMARY KEY, v DOUBLE);
        CREATE TABLE c (x INT, y CHAR(3) COLLATE utf8mb4_general_ci, v INT, PRIMARY KEY (x, y));
        CREATE TABLE e (id BIGINT UNSIGNED PRIMARY KEY, v INT, g INT GENERATED ALWAYS AS (v % 40) STORED UNIQUE, w INT, UNIQUE ((w % 40)));
        CREATE TABLE n (x INT, y VARCHAR(10));
        CREATE TABLE p (id INT PRIMARY KEY, up INT, t VARCHAR(10), FOREIGN KEY (up) REFERENCES p (id), UNIQUE (t(2)));
        CREATE TABLE f (id INT PRIMARY KEY, p INT, v INT, FOREIGN KEY (p) REFERENCES p (id));
        """;

    private readonly Random _random = new(seed);

    /// <summary>Statements of some transactions; a few of them are rolled back.</summary>
    public string Next(int transactions)
    {
        var sql = new StringBuilder();
        for (int i = 0; i < transactions; i++)
        {
            sql.Append("BEGIN;");
            for (int statements = 1 + _random.Next(4); statements > 0; statements--)
            {
                sql.Append(Statement()).Append(';');
            }

            sql.Append(_random.Next(12) == 0 ? "ROLLBACK;" : "COMMIT;");
        }

        return sql.ToString();
    }

    private string Statement() => _random.Next(20) switch
    {
        0 => Sql($"INSERT IGNORE INTO a VALUES ({Id()},{NullOr(Id())},{NullOr(Word())},{N()},'{{\"a\": {N()}}}')"),
        1 => Sql($"REPLACE INTO a VALUES ({Id()},{NullOr(Id())},{NullOr(Word())},{N()},'[1.0]')"),
        2 => Swap(),
        3 => Sql($"UPDATE a SET j='[1]' WHERE id={Id()}"),
        4 => Sql($"UPDATE IGNORE a SET u={NullOr(Id())}, s={NullOr(Word())}, j='1.0' WHERE id={Id()}"),
        5 => Sql($"UPDATE IGNORE a SET id={Id()} WHERE id={Id()}"),
        6 => Sql($"DELETE FROM a WHERE id BETWEEN {Id()} AND {Id()}"),
        7 => Sql($"INSERT INTO b VALUES ({Word()},{N()}) ON DUPLICATE KEY UPDATE v=v+1"),
        8 => Sql($"UPDATE IGNORE b SET k={Word()} WHERE k={Word()}"),
        9 => Sql($"DELETE FROM b WHERE k={Word()}"),
        10 => Sql($"UPDATE b SET v=-0e0 WHERE k={Word()}"),
        11 => Sql($"INSERT INTO c VALUES ({N() % 4},{Word()},{N()}) ON DUPLICATE KEY UPDATE v=v+1, y=VALUES(y)"),
        12 => Sql($"UPDATE IGNORE c SET x={N() % 4}, y={Word()} WHERE x={N() % 4} LIMIT 1"),
        13 => Sql($"DELETE FROM c WHERE y={Word()}"),
        14 => Sql($"INSERT IGNORE INTO e (id,v,w) VALUES ({Id()},{N()},{N()}),({Id()},{N()},{N()})"),
        15 => Sql($"UPDATE IGNORE e SET v=v+1, w=w+{N()} WHERE id BETWEEN {Id()} AND {Id()}"),
        16 => Sql($"DELETE FROM e WHERE id={Id()}"),
        17 when keyless => Sql($"INSERT INTO n VALUES ({N() % 5},{Word()});UPDATE n SET y={Word()} WHERE x={N() % 5} LIMIT 2;DELETE FROM n WHERE x={N() % 5} LIMIT 1"),
        18 => Sql($"INSERT IGNORE INTO p VALUES ({Id()},NULL,{Word()});UPDATE IGNORE p SET up={Id()} WHERE id={Id()};DELETE IGNORE FROM p WHERE id={Id()}"),
        _ => Sql($"INSERT IGNORE INTO f VALUES ({Id()},{Id()},{N()});UPDATE IGNORE f SET p={Id()}, v=v+1 WHERE id>{Id()};DELETE FROM f WHERE id={Id()}"),
    };

    private string Swap()
    {
        int one = Id();
        int other = Id();
        return Sql($"SET @u=(SELECT u FROM a WHERE id={one}), @w=(SELECT u FROM a WHERE id={other});UPDATE a SET u=NULL WHERE id={one};UPDATE IGNORE a SET u=@u WHERE id={other};UPDATE IGNORE a SET u=@w WHERE id={one}");
    }

    private static string Sql(FormattableString sql) => sql.ToString(CultureInfo.InvariantCulture);

    private int Id() => 1 + _random.Next(12);

    private int N() => _random.Next(100);

    private string NullOr(object value) => _random.Next(4) == 0 ? "NULL" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    // Several are equal to one another under the collation.
    private string Word() => "'" + new[] { "a", "A", "á", "b", "B", "ß", "ss", "c", "é", "É" }[_random.Next(10)] + "'";
}
