using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Tests.Transform;

public sealed class NameCaseTests
{
    [Theory]
    [InlineData(NameCapitalization.Default, 0, 0, "Shop", "Given", "Id")]
    [InlineData(NameCapitalization.Default, 0, 1, "shop", "given", "Id")]
    [InlineData(NameCapitalization.Default, 0, 2, "shop", "Given", "Id")]
    [InlineData(NameCapitalization.Default, 1, 0, "shop", "Given", "Id")]
    [InlineData(NameCapitalization.Default, 2, 0, "Shop", "Given", "Id")]
    [InlineData(NameCapitalization.SameAsSource, 0, 0, "Shop", "Given", "Id")]
    [InlineData(NameCapitalization.SameAsSource, 0, 1, "shop", "given", "Id")]
    [InlineData(NameCapitalization.SameAsSource, 0, 2, "Shop", "Given", "Id")]
    [InlineData(NameCapitalization.Uppercase, 0, 0, "SHOP", "Given", "ID")]
    [InlineData(NameCapitalization.Uppercase, 1, 0, "SHOP", "Given", "ID")]
    [InlineData(NameCapitalization.Uppercase, 0, 1, "shop", "given", "ID")]
    [InlineData(NameCapitalization.Lowercase, 0, 0, "shop", "Given", "id")]
    [InlineData(NameCapitalization.Lowercase, 0, 2, "shop", "Given", "id")]
    public void Policy_and_servers_decide(NameCapitalization policy, int source, int destination, string own, string given, string column)
    {
        var letters = NameCase.Of(policy, source, destination);
        Assert.Equal((own, given, column), (letters.OnDestination("Shop", null), letters.OnDestination("Shop", "Given"), letters.Column("Id")));
        Assert.Equal(source != 0, letters.IgnoresOnSource);
    }

    [Fact]
    public void A_selection_maps_by_it()
    {
        var task = new MigrationTask
        {
            Name = "t",
            Source = new ConnectionDefinition { Host = "a", User = "u" },
            Destination = new ConnectionDefinition { Host = "b", User = "u" },
            Objects = [new DatabaseSelection("Shop", "Shop", true, [new TableSelection("Orders", "Bestellungen"), new TableSelection("Same", "Same")])],
        };
        var selection = new ObjectSelection(task, NameCase.Of(NameCapitalization.Uppercase, 0, 0));
        Assert.Equal(new QualifiedName("SHOP", "Bestellungen"), selection.Map(new QualifiedName("Shop", "Orders")));
        Assert.Equal(new QualifiedName("SHOP", "SAME"), selection.Map(new QualifiedName("Shop", "Same")));
        Assert.Equal(new QualifiedName("SHOP", "ITEMS"), selection.Map(new QualifiedName("Shop", "items")));
        Assert.False(selection.Selects(new QualifiedName("shop", "items")));
    }
}
