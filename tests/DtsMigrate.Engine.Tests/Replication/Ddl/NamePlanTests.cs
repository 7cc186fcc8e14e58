using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Tests.Replication.Ddl;

public sealed class NamePlanTests
{
    private static readonly TableStage[] Stages = [TableStage.Complete, TableStage.Incomplete, TableStage.Later];

    [Theory]
    [InlineData("a>t,b>a,t>b")]
    [InlineData("a>t,b>a")]
    [InlineData("a>t,b>a,c>b,t>c")]
    [InlineData("a>t,t>u,b>a,u>b")]
    [InlineData("b>t,a>b,t>u")]
    public void What_is_done_on_the_destination_can_be_done_whatever_the_tables_are_at(string renames)
    {
        foreach (var a in Stages)
        {
            foreach (var b in Stages)
            {
                foreach (var c in Stages)
                {
                    Check(renames, new() { ["a"] = a, ["b"] = b, ["c"] = c });
                }
            }
        }
    }

    private static void Check(string renames, Dictionary<string, TableStage> stages)
    {
        string given = $"{renames} with {string.Join(", ", stages)}";
        TableRoute[] routes = [.. stages.Keys.Select((name, i) => new TableRoute(i + 1, Definition(name), Name(name)))];
        TableCopyRecord[] records = [.. routes.Select(r => new TableCopyRecord { Number = r.Number, Source = r.Source, Destination = r.Destination, State = TableCopyState.Live, DefinitionHash = string.Empty })];
        var catalog = new TableCatalog(new ObjectSelection(Everything(), ignoreCase: false), routes);
        var plan = new NamePlan(catalog, records, t => stages[t.Name.Name]);
        foreach (var pair in renames.Split(',').Select(r => r.Split('>')))
        {
            plan.Rename(Name(pair[0]), Name(pair[1]));
        }

        var there = routes.ToDictionary(r => r.Destination, r => r.Number);
        foreach (var drop in plan.Drops)
        {
            there.Remove(drop);
        }

        foreach (var (from, to, _) in plan.Moves)
        {
            Assert.True(there.Remove(from, out int number), $"{given}: {from} is not there");
            Assert.True(there.TryAdd(to, number), $"{given}: {to} is there already");
        }

        foreach (var (table, name) in plan.Renamed)
        {
            Assert.True(there.GetValueOrDefault(name) == table.Number, $"{given}: {table.Name} is not at {name}");
        }

        Assert.All(plan.Added, name => Assert.False(there.ContainsKey(name), $"{given}: {name} is to be copied and is there"));
        Assert.All(routes.Where(r => stages[r.Source.Name] == TableStage.Later), r => Assert.True(there.GetValueOrDefault(r.Destination) == r.Number, $"{given}: {r.Source} was touched"));
    }

    private static QualifiedName Name(string table) => new("d", table);

    private static TableDefinition Definition(string name)
    {
        var id = new ColumnDefinition { Name = "id", Index = 0, DataType = "int", ColumnType = "int", IsNullable = false, IsGenerated = false };
        return new TableDefinition { Name = Name(name), Columns = [id], UniqueKeys = [new KeyDefinition("PRIMARY", [id], true, false)], Engine = "InnoDB", CreateSql = string.Empty, Hash = string.Empty };
    }

    private static MigrationTask Everything() => new()
    {
        Name = "t",
        Source = new ConnectionDefinition { Host = "s", User = "u" },
        Destination = new ConnectionDefinition { Host = "d", User = "u" },
        Objects = [new DatabaseSelection("d", "d", All: true, [])],
    };
}
