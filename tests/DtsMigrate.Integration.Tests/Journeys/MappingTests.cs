using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing.Compare;
using DtsMigrate.Testing.Shop;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Object name mapping, on the whole path: schema, foreign keys, copy and stream.</summary>
public sealed class MappingTests
{
    [Fact]
    public async Task A_database_and_a_table_arrive_under_new_names_and_follow_their_source()
    {
        using Journey journey = await Journey.CreateAsync("mapped");
        string target = $"{journey.Database} `new`";
        await using MySqlSession source = await MySqlSession.ConnectAsync(journey.SourceRoot, TimeProvider.System, CancellationToken.None);
        await ShopSchema.CreateAsync(source, journey.Database, 2_000, CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task() with
        {
            Objects = [new DatabaseSelection(journey.Database, target, All: true, [new TableSelection("customer", "the client")])],
        });

        await RunAsync(journey);
        var writer = new ShopWriter(journey.SourceRoot, journey.Database, 2_000, TimeSpan.FromMilliseconds(1));
        using var writing = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await writer.RunAsync(connections: 2, seed: 5, writing.Token);
        Assert.True(writer.Changes > 0);
        await RunAsync(journey);

        await using MySqlSession destination = await MySqlSession.ConnectAsync(journey.DestinationRoot, TimeProvider.System, CancellationToken.None);
        foreach (string table in await TablesAsync(source, journey.Database))
        {
            IReadOnlyList<string> expressions = await RowDigest.ExpressionsAsync(source, journey.Database, table, CancellationToken.None);
            RowDigest left = await RowDigest.OfAsync(source, journey.Database, table, expressions, CancellationToken.None);
            RowDigest right = await RowDigest.OfAsync(destination, target, table == "customer" ? "the client" : table, expressions, CancellationToken.None);
            Assert.True(left == right, $"{table}: {left} / {right}");
        }

        Assert.Equal("2", await Journey.ScalarAsync(
            journey.DestinationRoot,
            $"SELECT COUNT(*) FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = {SqlText.Literal(target)} AND REFERENCED_TABLE_NAME = 'the client'"));
    }

    private static async Task RunAsync(Journey journey)
    {
        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp", "--json");
        Assert.True(code == 0, error);
    }

    private static async Task<IEnumerable<string>> TablesAsync(MySqlSession session, string database) =>
        (await session.QueryRowsAsync($"SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{database}'", CancellationToken.None)).Select(static r => r.GetString(0));
}
