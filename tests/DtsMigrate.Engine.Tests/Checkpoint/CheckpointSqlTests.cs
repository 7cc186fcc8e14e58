using System.Text;
using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.Tests.Checkpoint;

public sealed class CheckpointSqlTests
{
    [Theory]
    [InlineData("plain", "_utf8mb4'plain'")]
    [InlineData("", "_utf8mb4''")]
    [InlineData("it's", "_utf8mb4 0x69742773")]
    [InlineData("back\\slash", "_utf8mb4 0x6261636B5C736C617368")]
    [InlineData("line\n", "_utf8mb4 0x6C696E650A")]
    [InlineData("☃", "_utf8mb4 0xE29883")]
    [InlineData(null, "NULL")]
    public void Text_means_the_same_under_every_session_setting(string? text, string sql) => Assert.Equal(sql, CheckpointSql.Text(text));

    [Fact]
    public void Bounds_come_back_as_they_were_written()
    {
        string[][] bounds = [["1"], ["-5", "'2024-01-01'", "_utf8mb4 0x27 COLLATE utf8mb4_bin"], ["\"\\`"], [""], ["日本😀"]];
        foreach (string[] literals in bounds)
        {
            Assert.Equal(literals, CheckpointSql.ParseBounds(CheckpointSql.FormatBounds(literals))!);
        }

        Assert.Null(CheckpointSql.FormatBounds(null));
        Assert.Null(CheckpointSql.ParseBounds(null));
    }

    [Fact]
    public void Hex_text_decodes_to_the_text()
    {
        string sql = CheckpointSql.Text("O'Neill ☃");
        Assert.Equal("O'Neill ☃", Encoding.UTF8.GetString(Convert.FromHexString(sql[(sql.IndexOf("0x", StringComparison.Ordinal) + 2)..])));
    }
}
