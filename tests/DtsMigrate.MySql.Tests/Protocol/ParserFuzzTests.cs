using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Protocol;

public sealed class ParserFuzzTests
{
    private const int Runs = 40_000;

    private static readonly byte[][] Seeds =
    [
        new FakeGreeting().ToPayload(),
        FakePackets.Ok(3, "Records: 3  Deleted: 0  Skipped: 0  Warnings: 0"),
        FakePackets.Err(1062, "Duplicate entry", "23000"),
        FakePackets.Eof(),
        FakePackets.EndOfRows(),
        FakePackets.Column("name"),
        FakePackets.Row("a", null, new string('x', 300)),
        FakePackets.AuthSwitch("mysql_native_password", new byte[20]),
    ];

    [Fact]
    public void Any_bytes_end_in_a_value_or_an_error_of_the_family()
    {
        var random = new Random(20_240_611);
        int values = 0;
        int errors = 0;
        for (int run = 0; run < Runs; run++)
        {
            byte[] bytes = Mutation.Of(random, Seeds[random.Next(Seeds.Length)]);
            foreach (var parse in Parsers())
            {
                try
                {
                    parse(bytes);
                    values++;
                }
                catch (DtsMigrateException)
                {
                    errors++;
                }
            }
        }

        // Both ways must have been taken often, or the mutations are no good.
        Assert.InRange(values, Runs / 10, int.MaxValue);
        Assert.InRange(errors, Runs / 10, int.MaxValue);
    }

    private static Action<byte[]>[] Parsers() =>
    [
        static bytes => ServerVersionParser.Parse(HandshakePayload.Parse(bytes).ServerVersion),
        static bytes => LoadInfo.Parse(OkPayload.Parse(bytes).Info),
        static bytes => OkPayload.Parse(bytes),
        static bytes => ErrPayload.Parse(bytes).ToException("SELECT 1"),
        static bytes => EofPayload.Parse(bytes),
        static bytes => ColumnDefinition.Parse(bytes),
        static bytes => AuthSwitchPayload.Parse(bytes),
        static bytes => ReadRow(bytes),
    ];

    private static void ReadRow(byte[] bytes)
    {
        var reader = new TextRowReader(bytes);
        while (!reader.AtEnd)
        {
            reader.ReadField(out _);
        }
    }
}
