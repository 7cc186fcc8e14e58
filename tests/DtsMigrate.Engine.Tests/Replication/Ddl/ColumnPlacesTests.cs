using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Tests.Replication.Ddl;

public sealed class ColumnPlacesTests
{
    [Theory]
    [InlineData("CREATE TABLE t (a int, `key` int, c enum('x,y',')'), KEY k (a), PRIMARY KEY (a), CONSTRAINT ck CHECK (a > 0), unique (c))", "a,key,c")]
    [InlineData("CREATE TABLE IF NOT EXISTS d.t (a decimal(3,1), b int) PARTITION BY HASH (a) PARTITIONS 2", "a,b")]
    [InlineData("CREATE TABLE t LIKE o", "")]
    [InlineData("ALTER TABLE t ADD a int, ADD COLUMN b int AFTER a, ADD INDEX i (a, b), ADD (c int, KEY z (c), d int), ADD CONSTRAINT x CHECK (a > 0)", "a,b,c,d")]
    [InlineData("ALTER TABLE t CHANGE a A2 int, CHANGE COLUMN b `B 2` int, MODIFY c bigint, MODIFY COLUMN d int, RENAME COLUMN e TO f, DROP COLUMN g, RENAME TO u", "A2,B 2,c,d,f")]
    [InlineData("ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (3)), ADD UNIQUE u (a), ADD FULLTEXT (b), ALTER COLUMN c SET DEFAULT 3", "")]
    public void Names_that_columns_get_are_found_and_no_others(string sql, string expected)
    {
        var statement = DdlParser.Parse(sql, "d", SqlSyntax.Default)!;
        Assert.Equal(expected, string.Join(',', ColumnPlaces.Find(statement).Select(t => statement.Tokens.Name(t))));
    }

    [Theory]
    [InlineData("ALTER TABLE t CHANGE a A2 int, CHANGE COLUMN `b` `B 2` int, MODIFY c bigint, RENAME COLUMN `e` TO f, ADD COLUMN g int, RENAME INDEX i TO j, RENAME TO u", "a A2,b B 2,e f")]
    [InlineData("ALTER TABLE t ADD `change` int, MODIFY `rename` int, ADD COLUMN (x int)", "")]
    [InlineData("CREATE TABLE t (a int)", "")]
    public void Renamed_columns_are_found_with_both_names(string sql, string expected) =>
        Assert.Equal(expected, string.Join(',', ColumnPlaces.Renames(DdlParser.Parse(sql, "d", SqlSyntax.Default)!).Select(r => $"{r.Key} {r.Value}")));
}
