using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Errors;
using FsCheck;
using FsCheck.Fluent;

namespace DtsMigrate.Engine.Tests.Sql;

public sealed class SqlLexerTests
{
    [Fact]
    public void Names_strings_and_version_comments_become_single_tokens()
    {
        const string Sql = @"`a``b` 'it''s \'x\\' ""q"" /*!50100 x */ /* ,( */ , -- rest
 e";
        var found = SqlLexer.Read(Sql).Select(t => (t.Kind, Sql.Substring(t.Start, t.Length)));
        Assert.Equal(
            [
                (SqlTokenKind.QuotedName, "`a``b`"),
                (SqlTokenKind.Text, @"'it''s \'x\\'"),
                (SqlTokenKind.Text, "\"q\""),
                (SqlTokenKind.VersionCommentStart, "/*!50100"),
                (SqlTokenKind.Word, "x"),
                (SqlTokenKind.VersionCommentEnd, "*/"),
                (SqlTokenKind.Comment, "/* ,( */"),
                (SqlTokenKind.Symbol, ","),
                (SqlTokenKind.Comment, "-- rest"),
                (SqlTokenKind.Word, "e"),
            ],
            found);
    }

    [Theory]
    [InlineData("x'1F' X'00' b'1' n'a''b' 0x1f 0b01 12 1e5", "LLLLLLLL")]
    [InlineData("0xg 1a _latin1 'x' 1.t", "WWWTLSW")]
    [InlineData("AS $$ it's `x` $$ , AS $js$ $$ ' $js$", "WTSWT")]
    [InlineData("$$ a $$", "WWW")]
    [InlineData("a\u00a0b", "W")]
    public void Literals_are_told_from_names(string sql, string kinds) =>
        Assert.Equal(kinds, string.Concat(SqlLexer.Read(sql).Select(t => t.Kind.ToString()[0])));

    [Fact]
    public void The_session_decides_what_quotes_and_backslashes_mean()
    {
        var names = new SqlTokens("\"a\"\"b\"", SqlSyntax.AnsiQuotes);
        Assert.Equal((1, "a\"b"), (names.Count, names.Name(0)));
        Assert.Equal(SqlTokenKind.Text, new SqlTokens("\"a\"")[0].Kind);
        Assert.Equal(2, new SqlTokens(@"'a\' b", SqlSyntax.NoBackslashEscapes).Count);
        Assert.Throws<DtsMigrateException>(() => new SqlTokens(@"'a\' b"));
    }

    [Fact]
    public void Without_comments_the_content_of_executable_ones_stays()
    {
        var tokens = new SqlTokens("a /* x */ /*!50100 b */ -- c\n d").WithoutComments();
        Assert.Equal(["a", "b", "d"], Enumerable.Range(0, tokens.Count).Select(tokens.Name));
    }

    [Theory]
    [InlineData("`abc")]
    [InlineData("'abc")]
    [InlineData(@"'abc\'")]
    [InlineData("/* abc")]
    [InlineData("/*!50100 abc")]
    public void Text_that_does_not_end_is_an_error(string sql) =>
        Assert.Equal("SqlNotUnderstood", Assert.Throws<DtsMigrateException>(() => SqlLexer.Read(sql)).Code);

    [Fact]
    public void Any_name_and_any_string_come_back_whole()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            string name = $"`{text.Get.Replace("`", "``", StringComparison.Ordinal)}`";
            string literal = $"'{text.Get.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
            string sql = $"{name},{literal}";
            var tokens = new SqlTokens(sql);
            return tokens.Count == 3 && tokens.Name(0) == text.Get && tokens.Span(2).SequenceEqual(literal);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_is_read_or_refused_and_tokens_never_overlap()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            try
            {
                int end = 0;
                foreach (var token in SqlLexer.Read(text.Get))
                {
                    if (token.Start < end || token.Length < 1 || token.End > text.Get.Length)
                    {
                        return false;
                    }

                    end = token.End;
                }

                return true;
            }
            catch (DtsMigrateException e)
            {
                return e.Code == "SqlNotUnderstood";
            }
        }).QuickCheckThrowOnFailure();
    }
}
