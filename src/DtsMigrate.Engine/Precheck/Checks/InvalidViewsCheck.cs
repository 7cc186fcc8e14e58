using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Schema.StoredObjects;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Every view can be used on the source: one that has lost a table or a column cannot be created anywhere.</summary>
internal sealed class InvalidViewsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "InvalidViews";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        AccountPrivileges? account = null;
        var views = (await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false)).Where(o => o.Kind == StoredObjectKind.View).ToList();
        foreach (var view in views)
        {
            if (await StoredObjectMigrator.WhyInvalidAsync(context.Source.Session, view.Name, cancellationToken).ConfigureAwait(false) is { } words)
            {
                account ??= await AccountPrivileges.ReadAsync(context.Source, cancellationToken).ConfigureAwait(false);
                findings.Add(Judge(view.Name, words, account));
            }
        }

        return findings.Count > 0 ? findings : [Finding.Passed("source", $"{views.Count} views can be used.")];
    }

    // The server has one error for a view that nobody can use and for one that calls functions which this account may not call (1356).
    private static Finding Judge(QualifiedName view, string words, AccountPrivileges account) => account.HasOnDatabase("EXECUTE", view.Database)
        ? Finding.Warning(view.ToString(), $"View {view} cannot be used on the source and is left out: {words}", "Mend or drop it.", $"DROP VIEW {view.ToSql()};")
        : Finding.Warning(
            view.ToString(),
            $"View {view} cannot be used by the source account, which lacks EXECUTE; whether others can use it is not known. It is left out if the destination does not take it: {words}",
            "Grant it EXECUTE to have this judged.",
            $"GRANT EXECUTE ON {account.NameForGrant(view.Database)}.* TO {account.Account};");
}
