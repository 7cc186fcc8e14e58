using System.Globalization;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Tables without a primary key or NOT NULL unique key are known, and start empty.</summary>
internal sealed class TablesWithoutKeyCheck : IPrecheck
{
    // A statement opens all of its tables, and holds their metadata locks while it runs.
    private const int TablesPerStatement = 100;

    /// <inheritdoc/>
    public string Code => "TablesWithoutKey";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasRows;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string[] names = [.. context.Routes!.Where(r => r.Definition.IdentityKey is null).Select(r => r.Source.ToString())];
        if (names.Length == 0)
        {
            return [Finding.Passed("source", "Every selected table has a primary key or a NOT NULL unique key.")];
        }

        var findings = new List<Finding>
        {
            Finding.Warning(
                names[0],
                $"{names.Length} tables have no primary key and no NOT NULL unique key of whole columns: {Finding.List(names)}. Each is copied in one piece under one snapshot, starts anew when interrupted, and its changes are applied by comparing whole rows.",
                "Add a key where the table is large or often changed."),
        };
        var existing = context.IsResume ? [] : context.Routes!.Where(r => r.Definition.IdentityKey is null && context.Existing.ContainsKey(r.Destination));
        foreach (var some in existing.Chunk(TablesPerStatement))
        {
            string sql = string.Join(" UNION ALL ", some.Select((r, i) => string.Create(CultureInfo.InvariantCulture, $"(SELECT {i} FROM {r.Destination.ToSql()} LIMIT 1)")));
            foreach (var row in await context.Destination.Session.QueryRowsAsync(sql, cancellationToken).ConfigureAwait(false))
            {
                var route = some[row.GetInt64(0)];
                findings.Add(Finding.Failed(
                    route.Destination.ToString(),
                    $"{route.Destination} holds rows, and {route.Source} has no key: its rows cannot be told from those of the source.",
                    "Empty the table on the destination, or give the object another name there."));
            }
        }

        return findings;
    }
}
