using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Tests.Tasks;

public sealed class OnlineDdlOptionsTests
{
    [Theory]
    [InlineData(OnlineDdlMode.CopyTables, "_t_gho", false, false)]
    [InlineData(OnlineDdlMode.AdaptGhOst, "_t_gho", true, true)]
    [InlineData(OnlineDdlMode.AdaptGhOst, "_t_ghc", false, true)]
    [InlineData(OnlineDdlMode.AdaptGhOst, "_t_del", false, true)]
    [InlineData(OnlineDdlMode.AdaptGhOst, "_t_GHO", false, false)]
    [InlineData(OnlineDdlMode.AdaptGhOst, "_gho", false, false)]
    [InlineData(OnlineDdlMode.AdaptGhOst, "t_gho", false, false)]
    [InlineData(OnlineDdlMode.AdaptDms, "tp_7712_ogt_t", true, true)]
    [InlineData(OnlineDdlMode.AdaptDms, "tpa_a1_del_t", false, true)]
    [InlineData(OnlineDdlMode.AdaptPtOsc, "___t_new", true, true)]
    [InlineData(OnlineDdlMode.AdaptPtOsc, "_t_old", false, true)]
    [InlineData(OnlineDdlMode.AdaptPtOsc, "_t_gho", false, false)]
    public void Each_tool_has_names_of_its_own(OnlineDdlMode mode, string table, bool isShadow, bool isTemporary)
    {
        var names = new OnlineDdlNames(new OnlineDdlOptions { Mode = mode }, ignoreCase: false);
        Assert.Equal((isShadow, isTemporary), (names.IsShadow(table), names.IsTemporary(table)));
    }

    [Fact]
    public void Own_expressions_take_the_place_of_the_tools()
    {
        var names = new OnlineDdlNames(new OnlineDdlOptions { Mode = OnlineDdlMode.AdaptGhOst, Shadow = "^x_(.+)$" }, ignoreCase: true);
        Assert.True(names.IsShadow("X_t"));
        Assert.False(names.IsShadow("_t_gho"));
        Assert.True(names.IsTemporary("_T_DEL"));
    }

    [Fact]
    public void A_table_with_an_entry_of_its_own_is_never_left_out()
    {
        var task = Definitions.Task with
        {
            Objects = [new DatabaseSelection("d", "d", All: true, [new TableSelection("_t_old", "kept")]), new DatabaseSelection("e", "e", All: false, [new TableSelection("t", "t")])],
            Options = new TaskOptions { OnlineDdl = new() { Mode = OnlineDdlMode.AdaptGhOst } },
        };
        var selection = new ObjectSelection(task, ignoreCase: false);
        Assert.True(selection.Selects(new("d", "_t_old")));
        Assert.False(selection.IsTemporary(new("d", "_t_old")));
        Assert.False(selection.Selects(new("d", "_u_old")));
        Assert.True(selection.IsTemporary(new("d", "_u_old")));
        Assert.True(selection.IsShadow(new("e", "_t_gho")));
        Assert.Equal(new QualifiedName("d2", "_view_old"), new ObjectSelection(task with { Objects = [new DatabaseSelection("d", "d2", All: true, [])] }, ignoreCase: false).MapReference(new("d", "_view_old")));
        Assert.Equal(new QualifiedName("e", "_t_gho"), selection.MapReference(new("e", "_t_gho")));
        Assert.False(selection.IsShadow(new("f", "_t_gho")));
    }

    [Theory]
    [InlineData("^_(.+_gho$", "not a regular expression")]
    [InlineData("^_(?=x)gho$", "not a regular expression")]
    [InlineData("", "it has 0 characters")]
    [InlineData("_?t", "which is no temporary table")]
    [InlineData("client", "which is no temporary table")]
    [InlineData(".*", "which is no temporary table")]
    public void An_expression_that_cannot_be_meant_is_refused(string pattern, string words)
    {
        foreach (bool shadow in new[] { true, false })
        {
            var options = new OnlineDdlOptions { Mode = OnlineDdlMode.AdaptGhOst, Shadow = shadow ? pattern : null, Trash = shadow ? null : pattern };
            var task = Definitions.Task with { Objects = [new DatabaseSelection("d", "d", All: false, [new TableSelection("client", "client")])], Options = new TaskOptions { OnlineDdl = options } };
            string message = Assert.Throws<TaskDefinitionException>(() => TaskValidator.Validate(task)).Message;
            Assert.Contains(words, message, StringComparison.Ordinal);
            Assert.Contains(shadow ? "$.options.onlineDdlShadow" : "$.options.onlineDdlTrash", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Expressions_need_an_adapting_mode_and_rows_that_nobody_else_writes()
    {
        var task = Definitions.Task with { Options = new TaskOptions { OnlineDdl = new() { Shadow = "^_(.+)_gho$" } } };
        Assert.Contains("CopyTables", Assert.Throws<TaskDefinitionException>(() => TaskValidator.Validate(task)).Message, StringComparison.Ordinal);
        var proceeding = Definitions.Task with { ConflictMode = ConflictMode.IgnoreErrorsAndProceed, Options = new TaskOptions { OnlineDdl = new() { Mode = OnlineDdlMode.AdaptGhOst } } };
        Assert.Contains("IgnoreErrorsAndProceed", Assert.Throws<TaskDefinitionException>(() => TaskValidator.Validate(proceeding)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_belongs_to_the_mode_it_was_made_with()
    {
        var adapting = Definitions.Task with { Options = new TaskOptions { OnlineDdl = new() { Mode = OnlineDdlMode.AdaptGhOst } } };
        Assert.NotEqual(DefinitionHash.Of(Definitions.Task), DefinitionHash.Of(adapting));
    }
}
