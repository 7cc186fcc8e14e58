using DtsMigrate.Engine.FullCopy.Snapshot;

namespace DtsMigrate.Engine.Tests.FullCopy;

public sealed class StorageNameTests
{
    [Theory]
    [InlineData("d/t", "d", "t", true)]
    [InlineData("d/t#p#p0", "d", "t", true)]
    [InlineData("d/t#P#p0#SP#s1", "d", "t", true)]
    [InlineData("d/T", "d", "t", true)]
    [InlineData("d/t1", "d", "t", false)]
    [InlineData("d/t", "d", "t1", false)]
    [InlineData("dd/t", "d", "t", false)]
    [InlineData("d/#sql-ib86-12", "d", "t", false)]
    [InlineData("mysql", "d", "t", false)]
    [InlineData("my@002ddb/a@0024@0023p@0023@002f", "my-db", "a$#p#/", true)]
    [InlineData("my@002ddb/a@0024@0023p@0023@002f", "my-db", "a$#p#-", false)]
    [InlineData("d/a@0060b", "d", "a`b", true)]
    [InlineData("d/@65e5@672c", "d", "日本", true)]
    [InlineData("d/@65e5@672c", "d", "日木", false)]
    [InlineData("d/caf@1i", "d", "café", true)]
    [InlineData("d/caf@1i", "d", "cafe", false)]
    [InlineData("d/caf@1", "d", "caf\u00e9", true)]
    [InlineData("d/@00", "d", "ab", false)]
    public void A_stored_name_is_that_of_its_table(string stored, string database, string table, bool expected) =>
        Assert.Equal(expected, StorageName.MayBe(stored, new QualifiedName(database, table)));
}
