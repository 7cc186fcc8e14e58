using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Tests.Session;

public sealed class TextFormsTests
{
    [Theory]
    [InlineData("Records: 12  Deleted: 3  Skipped: 4  Warnings: 5")]
    [InlineData("Enregistrements: 12  Effac\u00e9s: 3  Non trait\u00e9s: 4  Avertissements: 5")]
    public void The_counts_of_a_load_are_read_in_any_language(string info) =>
        Assert.Equal(new LoadResult(12, 3, 4, 5), LoadInfo.Parse(info));

    [Theory]
    [InlineData("")]
    [InlineData("Records: 12  Deleted: 3  Skipped: 4")]
    [InlineData("Records: 12  Deleted: 3  Skipped: 4  Warnings: 5  More: 6")]
    [InlineData("Records: 99999999999999999999  Deleted: 3  Skipped: 4  Warnings: 5")]
    public void Counts_that_are_not_understood_are_an_error_and_never_zero(string info) =>
        Assert.Throws<MySqlProtocolException>(() => LoadInfo.Parse(info));

    [Theory]
    [InlineData("9.7.4", 9, 7, 4)]
    [InlineData("5.7.44-log", 5, 7, 44)]
    [InlineData("8.0.36-28.1", 8, 0, 36)]
    [InlineData("10.11.6-MariaDB-0+deb12u1", 10, 11, 6)]
    [InlineData("8", 8, 0, 0)]
    public void A_version_text_becomes_three_numbers(string text, int major, int minor, int patch) =>
        Assert.Equal(new ServerVersion(major, minor, patch, text), ServerVersionParser.Parse(text));

    [Fact]
    public void A_version_text_without_a_number_is_a_protocol_error() =>
        Assert.Throws<MySqlProtocolException>(() => ServerVersionParser.Parse("SSH-2.0-OpenSSH"));
}
