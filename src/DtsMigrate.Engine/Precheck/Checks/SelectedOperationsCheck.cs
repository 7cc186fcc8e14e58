using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>What a selection of kinds of DML and DDL makes of the destination is told before it happens.</summary>
internal sealed class SelectedOperationsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "SelectedOperations";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) =>
        context.HasIncremental && (context.Task.Operations.IsGiven || context.Task.Objects.Any(d => d.Operations.IsGiven || d.Tables.Any(t => t.Operations.IsGiven)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var selection = context.Selection;
        var findings = new List<Finding>();
        var rows = context.Routes!.Where(r => selection.OperationsOf(r.Source).Dml != DmlKinds.All).ToList();
        if (rows.Count > 0)
        {
            findings.Add(Finding.Warning(
                rows[0].Source.ToString(),
                $"Some kinds of row changes are left out for {rows.Count} tables: {Finding.List([.. rows.Select(r => $"{r.Source} (only {selection.OperationsOf(r.Source).Dml})")])}. Both sides will differ, and verification will say so.",
                "Go on if that is meant; else take \"dml\" out of the definition."));
        }

        foreach (var route in rows.Where(r => r.Definition.IdentityKey is null && selection.OperationsOf(r.Source).Dml is not (DmlKinds.Insert or DmlKinds.None)))
        {
            findings.Add(Finding.Failed(
                route.Source.ToString(),
                $"{route.Source} has no key, so that its rows are found by their whole content: with some kinds of changes left out the others would not find theirs.",
                "Select all kinds, Insert alone or none for it, or give it a key."));
        }

        string[] ddl =
        [
            .. context.Task.Objects.Where(d => selection.OperationsOf(d.Name).Ddl != DdlKinds.All).Select(d => d.Name),
            .. context.Task.Objects.SelectMany(d => d.Tables.Where(t => t.Operations.Ddl is { } kinds && (kinds & DdlKinds.Tables) != DdlKinds.Tables).Select(t => $"{d.Name}.{t.Name}")),
        ];
        if (ddl.Length > 0)
        {
            findings.Add(Finding.Warning(
                ddl[0],
                $"Some kinds of DDL are left out for {Finding.List(ddl)}. Definitions may differ after that; once a table's columns do, its next row change stops the task until the same is done on the destination by hand; tables made or renamed by statements that are left out are not followed.",
                "Go on if that is meant; else take \"ddl\" out of the definition."));
        }

        return Task.FromResult<IReadOnlyList<Finding>>(findings.Count > 0 ? findings : [Finding.Passed("source", "Every kind of DML and DDL is selected for every table.")]);
    }
}
