using System.Text;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.FullCopy;

public sealed class TypedRowTests
{
    private const byte Null = 251;

    [Fact]
    public async Task Rows_with_answers_are_set_aside_and_others_lose_the_probe_fields()
    {
        byte[] plain = [Null, Null, 1, (byte)'a'];
        byte[] nullValue = [Null, Null, Null];
        byte[] members = [3, (byte)'[', (byte)'1', (byte)']', Null, 1, (byte)'b'];
        byte[] elements = [Null, 3, (byte)'[', (byte)'1', (byte)']', 1, (byte)'c'];
        await using var splitter = new TypedRowSplitter(new FakeRows([members, plain, elements, nullValue]), 2);

        Assert.True(await splitter.ReadAsync(CancellationToken.None));
        Assert.Equal(plain[2..], splitter.CurrentRow.ToArray());
        Assert.True(await splitter.ReadAsync(CancellationToken.None));
        Assert.Equal(nullValue[2..], splitter.CurrentRow.ToArray());
        Assert.False(await splitter.ReadAsync(CancellationToken.None));
        Assert.True(splitter.AtEnd);
        Assert.Equal([members, elements], splitter.TakeHeld());
        Assert.Empty(splitter.TakeHeld());
    }

    [Fact]
    public async Task Reading_pauses_while_much_is_held_and_goes_on_where_it_was()
    {
        byte[] large = [3, (byte)'[', (byte)'1', (byte)']', Null, .. new byte[3 << 20]];
        await using var splitter = new TypedRowSplitter(new FakeRows([large, large, large, [Null, Null, 0]]), 2);

        Assert.False(await splitter.ReadAsync(CancellationToken.None));
        Assert.True(splitter.Paused);
        Assert.False(splitter.AtEnd);
        Assert.Equal(2, splitter.TakeHeld().Count);
        Assert.False(splitter.Paused);
        Assert.True(await splitter.ReadAsync(CancellationToken.None));
        Assert.Single(splitter.TakeHeld());
    }

    [Fact]
    public async Task A_pass_counts_both_roads_and_ends_with_the_rows()
    {
        byte[] typed = [3, (byte)'[', (byte)'1', (byte)']', Null, .. new byte[5 << 20]];
        byte[] plain = [Null, Null, 0];
        await using var splitter = new TypedRowSplitter(new FakeRows([plain, typed, plain, typed, plain]), 2);

        var piece = await TypedRowRoad.WriteAsync(
            splitter,
            async (rows, _) =>
            {
                int count = 0;
                while (await rows.ReadAsync(CancellationToken.None))
                {
                    count++;
                }

                return new PieceResult(count, count, 0, true);
            },
            held => Task.FromResult(new PieceResult(held.Count, 100 * held.Count, 1, true)),
            long.MaxValue);

        Assert.Equal(new PieceResult(5, 203, 2, true), piece);
    }

    [Theory]
    [InlineData("[17, 202, 2]")]
    [InlineData("3:17,202,2,")]
    public void Answers_are_ordinals_and_kinds(string answer) =>
        Assert.Equal(
            [new JsonNodeMark(1, JsonNodeKind.Decimal), new JsonNodeMark(12, JsonNodeKind.Double), new JsonNodeMark(0, JsonNodeKind.Date)], JsonProbe.Parse(Encoding.ASCII.GetBytes(answer)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[1,]")]
    [InlineData("[1")]
    [InlineData("[1.5]")]
    [InlineData("[-17]")]
    [InlineData("[99999999999999999]")]
    [InlineData("[\"a\"]")]
    [InlineData("0:")]
    [InlineData("1:")]
    [InlineData("1:,")]
    [InlineData("2:17,202")]
    [InlineData("3:17,202,")]
    [InlineData("1:17,202,")]
    [InlineData("1:1.5,")]
    [InlineData("-1:17,")]
    public void Other_answers_are_errors(string answer) =>
        Assert.Equal("JsonTypesNotCarried", Assert.Throws<DtsMigrateException>(() => JsonProbe.Parse(Encoding.ASCII.GetBytes(answer))).Code);
}
