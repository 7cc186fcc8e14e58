using System.Globalization;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>No two rows have values of a unique key that the source tells apart and a mapped collation does not.</summary>
internal sealed class MappedKeysCheck : IPrecheck
{
    /// <summary>Longest search in one key, in milliseconds: the copy finds what is not found here.</summary>
    private const int SearchLimit = 20_000;

    /// <inheritdoc/>
    public string Code => "MappedKeys";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && context.HasRows && !context.IsResume && !context.Task.Options.CollationMap.IsEmpty;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var map = context.Task.Options.CollationMap;
        foreach (var route in context.Routes!.Where(r => map.MayJoinKeys(r.Definition)))
        {
            foreach (var key in route.Definition.UniqueKeys.Where(k => !k.IsPlain || k.Columns.Any(c => c.Collation is { } used && map.Of(used) != used)))
            {
                if (await JudgeAsync(context.Source.Session, route, key, map.Of, cancellationToken).ConfigureAwait(false) is { } finding)
                {
                    findings.Add(finding);
                }
            }
        }

        return findings.Count > 0 ? findings : [Finding.Passed("source", "No unique values become one under a mapped collation.")];
    }

    private static async Task<Finding?> JudgeAsync(MySqlSession session, TableRoute route, KeyDefinition key, Func<string, string> map, CancellationToken cancellationToken)
    {
        string name = $"unique key {key.Name} of {route.Source}";
        const string Strict = "The task stops at the first two rows that become one, and names them. Choose a collation that compares alike, or remove such rows.";
        if (!key.IsPlain)
        {
            return Finding.Warning(route.Source.ToString(), $"Whether values of {name} become one under a mapped collation cannot be looked for: it has an expression or a prefix.", Strict);
        }

        string columns = string.Join(", ", key.Columns.Select(c => c.Collation is { } used && map(used) != used ? $"{SqlText.Name(c.Name)} COLLATE {map(used)}" : SqlText.Name(c.Name)));
        string present = string.Join(" AND ", key.Columns.Select(c => $"{SqlText.Name(c.Name)} IS NOT NULL"));
        string sql = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT /*+ MAX_EXECUTION_TIME({SearchLimit}) */ CONCAT_WS(', ', {string.Join(", ", key.Columns.Select(c => $"MIN(CAST({SqlText.Name(c.Name)} AS CHAR) COLLATE utf8mb4_bin), MAX(CAST({SqlText.Name(c.Name)} AS CHAR) COLLATE utf8mb4_bin)"))}) FROM {route.Source.ToSql()} WHERE {present} GROUP BY {columns} HAVING COUNT(*) > 1 LIMIT 1");
        try
        {
            var rows = await session.QueryRowsAsync(sql, cancellationToken).ConfigureAwait(false);
            return rows.Count == 0
                ? null
                : Finding.Failed(route.Source.ToString(), $"Values of {name} become one under the mapped collation: {rows[0].GetStringOrNull(0)}.", "Choose a collation that tells them apart, or change the rows on the source.");
        }
        catch (MySqlServerException e)
        {
            return Finding.Warning(route.Source.ToString(), $"Whether values of {name} become one under a mapped collation could not be looked for: {e.ServerMessage}", Strict);
        }
    }
}
