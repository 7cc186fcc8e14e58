using DtsMigrate.Engine.Replication.Ddl;

namespace DtsMigrate.Engine.Tests.Replication.Ddl;

public class AlterShapeTests
{
    [Theory]
    [InlineData("ALTER TABLE t ADD a INT")]
    [InlineData("ALTER TABLE t ADD COLUMN (a INT, b INT)")]
    [InlineData("ALTER TABLE d.t ADD INDEX i (a, b), DROP COLUMN a")]
    [InlineData("ALTER TABLE t COMMENT 'x', DROP a")]
    [InlineData("ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a")]
    [InlineData("ALTER TABLE t CHANGE a b INT")]
    [InlineData("ALTER TABLE t MODIFY a BIGINT FIRST")]
    [InlineData("ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4")]
    [InlineData("ALTER TABLE t DROP `index`")]
    [InlineData("ALTER TABLE t WHATEVER COMES NEXT")]
    public void Columns_change_or_may(string sql) => Assert.True(AlterShape.Changes(Parse(sql)));

    [Theory]
    [InlineData("ALTER TABLE t ADD INDEX i (a, b), DROP KEY k, RENAME INDEX x TO y, ALGORITHM=INPLACE, LOCK=NONE")]
    [InlineData("ALTER TABLE t ADD UNIQUE (a), ADD CONSTRAINT c CHECK (a IN (1, 2)), DROP FOREIGN KEY f, DROP PRIMARY KEY, ADD PRIMARY KEY (a, b)")]
    [InlineData("ALTER TABLE t ALTER COLUMN a SET DEFAULT 5, ALTER INDEX i INVISIBLE")]
    [InlineData("ALTER TABLE t ENGINE=InnoDB COMMENT='ADD COLUMN', AUTO_INCREMENT 7, DEFAULT CHARSET latin1")]
    [InlineData("ALTER TABLE t DROP PARTITION a, b")]
    [InlineData("ALTER TABLE t PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1), PARTITION q VALUES LESS THAN (2))")]
    [InlineData("ALTER TABLE t FORCE")]
    [InlineData("TRUNCATE t")]
    [InlineData("CREATE INDEX i ON t (a, b)")]
    public void Columns_stay(string sql) => Assert.False(AlterShape.Changes(Parse(sql)));

    private static DdlStatement Parse(string sql) => DdlParser.Parse(sql, "d", default)!;
}
