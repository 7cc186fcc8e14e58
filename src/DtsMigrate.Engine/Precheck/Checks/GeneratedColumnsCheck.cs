using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Schema.Generated;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>
/// Values that only the server computes, and keeps, are the source's on the destination too: stored generated columns, indexed virtual ones, expressions in indexes. Those that more than
/// the row's columns goes into are not (Reference Manual, "CREATE TABLE and Generated Columns").
/// </summary>
internal sealed class GeneratedColumnsCheck : IPrecheck
{
    private static readonly (SessionInputs Input, string Variable)[] Settings =
    [
        (SessionInputs.LocaleNames, "lc_time_names"), (SessionInputs.DivisionPrecision, "div_precision_increment"), (SessionInputs.EncryptionMode, "block_encryption_mode"),
    ];

    /// <inheritdoc/>
    public string Code => "GeneratedColumns";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasRows;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var session = context.Source.Session;
        var candidates = context.Routes!.Where(r => r.Definition.Columns.Any(c => c.IsGenerated)).Select(r => r.Source).ToHashSet();
        if (context.Source.Version.IsAtLeast(8, 0, 13))
        {
            var indexed = await session.QueryRowsAsync("SELECT DISTINCT TABLE_SCHEMA, TABLE_NAME FROM information_schema.STATISTICS WHERE EXPRESSION IS NOT NULL", cancellationToken).ConfigureAwait(false);
            candidates.UnionWith(indexed.Select(r => new QualifiedName(r.GetString(0), r.GetString(1))));
        }

        var found = new List<(QualifiedName Table, GeneratedValue Value)>();
        foreach (var table in context.Routes!.Select(r => r.Source).Where(candidates.Contains))
        {
            // Only the text of the table holds the expressions as they are.
            var text = await session.QueryRowsAsync($"SHOW CREATE TABLE {table.ToSql()}", cancellationToken).ConfigureAwait(false);
            found.AddRange(GeneratedValueGuard.Find(text[0].GetString(1)).Select(v => (table, v)));
        }

        var differing = Settings.Where(s => context.Source.Variable(s.Variable) != context.Destination.Variable(s.Variable)).ToArray();
        return Judge(found, ServerTimeZone.IsUtc(context.Source.Variable("time_zone"), context.Source.Variable("system_time_zone")), differing, context.Task.Options.GeneratedColumns);
    }

    /// <summary>The decision, apart from servers.</summary>
    /// <param name="found">Values that depend on more than the row's columns.</param>
    /// <param name="isUtc">Sessions of the source are in UTC unless they set another zone.</param>
    /// <param name="differing">Settings that are not the same on both servers.</param>
    /// <param name="policy">Policy of the task.</param>
    internal static IReadOnlyList<Finding> Judge(
        IReadOnlyList<(QualifiedName Table, GeneratedValue Value)> found, bool isUtc, IReadOnlyList<(SessionInputs Input, string Variable)> differing, GeneratedColumnPolicy policy)
    {
        var findings = new List<Finding>();
        foreach (var table in found.Where(f => f.Value.Takes(GeneratedValueGuard.Uncertain)).GroupBy(f => f.Table, f => f.Value))
        {
            string target = table.Key.ToString();
            string what = string.Join("; ", table.Select(GeneratedValueGuard.Why));
            string compare = Compare(table.Key, table);
            findings.Add(
                policy == GeneratedColumnPolicy.Recompute
                    ? Finding.Warning(target, $"The destination computes values in UTC, on the day of the migration, whatever the source holds, as the task asks: {what}.", compare)
                    : !isUtc || table.Any(v => v.Takes(SessionInputs.CurrentDate))
                        ? Finding.Failed(target, $"Values that only the server computes would be others on the destination, where the migration computes in UTC: {what}.", $"{GeneratedValueGuard.Remedy} {compare}")
                        : Finding.Warning(target, $"The migration computes values in UTC. Those that sessions of the source with a time zone of their own have written are others: {what}.", compare));
        }

        foreach (var (input, variable) in differing)
        {
            string[] names = [.. found.Where(f => f.Value.Takes(input)).Select(f => $"{f.Table}: {f.Value.Name} {f.Value.Expression}")];
            if (names.Length > 0)
            {
                findings.Add(Finding.Failed(
                    variable,
                    $"{variable} is not the same on both servers, and goes into values that only the server computes: {Finding.List(names)}.",
                    $"Give the destination the source's {variable} (SET GLOBAL), or leave the tables out."));
            }
        }

        return findings.Count > 0 ? findings : [Finding.Passed("both", "Only columns of their row go into the values that the servers compute.")];
    }

    // What tells whether a source's values are those of UTC.
    private static string Compare(QualifiedName table, IEnumerable<GeneratedValue> values)
    {
        string[] stored = [.. values.Where(v => v.IsStored).Select(v => $"{v.Name} <=> {v.Expression}")];
        return stored.Length == 0
            ? "The destination's index finds rows by the values of UTC."
            : $"Which rows that concerns, the source tells: SET time_zone='+00:00'; SELECT * FROM {table.ToSql()} WHERE NOT ({string.Join(" AND ", stored)});";
    }
}
