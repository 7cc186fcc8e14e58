using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Constraint names, which are unique in a database, do not collide after mapping.</summary>
internal sealed class ConstraintNamesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ConstraintNames";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && !context.IsResume;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var wanted = context.ForeignKeys.Select(k => (k.Child, k.Key.Name)).ToList();
        if (context.Source.Version.IsAtLeast(8, 0, 16))
        {
            wanted.AddRange(from row in await ReadAsync(context.Source.Session, "CHECK", cancellationToken).ConfigureAwait(false)
                            where context.Selection.Selects(row.Table)
                            select (row.Table, row.Name));
        }

        var routes = context.Routes!.ToDictionary(r => r.Source, r => r.Destination);
        var mapped = wanted.Where(w => routes.ContainsKey(w.Child)).Select(w => (routes[w.Child], w.Child, w.Name)).ToList();
        var taken = mapped.Count == 0 ? [] : await ReadAsync(context.Destination.Session, "CHECK','FOREIGN KEY", cancellationToken).ConfigureAwait(false);
        return Judge(mapped, [.. taken.Where(t => !context.Existing.ContainsKey(t.Table))]);
    }

    /// <summary>Judges constraints by their table on the destination, table on the source and name, and those of tables there that are not the task's: names are unique in a database.</summary>
    internal static IReadOnlyList<Finding> Judge(IReadOnlyCollection<(QualifiedName Destination, QualifiedName Source, string Name)> wanted, IReadOnlyCollection<(QualifiedName Table, string Name)> taken)
    {
        var findings = new List<Finding>();
        foreach (var name in wanted.GroupBy(w => $"{w.Destination.Database}.{w.Name}", StringComparer.OrdinalIgnoreCase))
        {
            string[] owners = [.. name.Select(n => n.Source.ToString()), .. taken.Where(t => $"{t.Table.Database}.{t.Name}".Equals(name.Key, StringComparison.OrdinalIgnoreCase)).Select(t => $"{t.Table} of the destination")];
            if (owners.Length > 1)
            {
                findings.Add(Finding.Failed(name.Key, $"Constraint {name.Key} would exist more than once in its database on the destination: {string.Join(", ", owners)}.", "Rename all but one: drop the constraint and add it with another name."));
            }
        }

        return findings.Count > 0 ? findings : [Finding.Passed("destination", "Names of foreign keys and checks do not collide on the destination.")];
    }

    private static async Task<IReadOnlyList<(QualifiedName Table, string Name)>> ReadAsync(MySqlSession session, string types, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync($"SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_TYPE IN ('{types}')", cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(r => (new QualifiedName(r.GetString(0), r.GetString(1)), r.GetString(2)))];
    }
}
