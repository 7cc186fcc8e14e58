using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Replication.Ddl;

public sealed class DdlSessionTests
{
    private const int GeneralCi = 45, Unicode900 = 255;

    [Theory]
    [InlineData("5.7.29", null, GeneralCi)]
    [InlineData("8.0.0", null, GeneralCi)]
    [InlineData("8.0.1", null, null)]
    [InlineData("9.7.4", null, null)]
    [InlineData("8.0.36", GeneralCi, GeneralCi)]
    [InlineData("8.0.36", Unicode900, Unicode900)]
    public void Utf8mb4_without_a_collation_has_the_one_that_the_source_gives_it(string source, int? logged, int? expected)
    {
        int[] version = [.. source.Split('.').Select(int.Parse)];

        int? collation = DdlSession.Utf8mb4Collation(new QuerySessionContext { DefaultUtf8mb4Collation = (ushort?)logged }, new ServerVersion(version[0], version[1], version[2], source));

        Assert.Equal(expected, collation);
    }
}
