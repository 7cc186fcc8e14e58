using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Names the routines that put statements together at run time: under object name mapping, names in them cannot be replaced with certainty.</summary>
internal sealed class DynamicSqlCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "DynamicSql";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && (context.Selection.Letters.Own != Transform.LetterCase.AsIs || context.Task.Objects.Any(d => d.To != d.Name || d.Tables.Any(t => t.To != t.Name)));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        Finding[] found = [.. objects
            .Select(o => (Object: o, Why: FindDynamic(o)))
            .Where(f => f.Why is not null)
            .Select(f => Finding.Warning(f.Object.Name.ToString(), $"{f.Object} {f.Why}: names inside that text are not replaced by object name mapping.", "Look at it after the migration, or change it on the source so that its statements are fixed."))];
        return found.Length > 0 ? found : [Finding.Passed("source", "No routine, trigger or event builds statements at run time.")];
    }

    /// <summary>What makes an object's names uncertain, in words; null when all can be replaced.</summary>
    internal static string? FindDynamic(StoredObject item)
    {
        var tokens = new SqlTokens(item.CreateSql, item.Syntax).WithoutComments();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens.IsWord(i, "PREPARE") && tokens.IsName(i + 1) && tokens.IsWord(i + 2, "FROM"))
            {
                return "prepares a statement from a text";
            }

            if (tokens.IsWord(i, "EXECUTE") && tokens.IsWord(i + 1, "IMMEDIATE"))
            {
                return "executes a text";
            }

            if (tokens.IsWord(i, "LANGUAGE") && tokens.IsName(i + 1) && !tokens.IsWord(i + 1, "SQL"))
            {
                return $"is written in {tokens.Name(i + 1)}";
            }
        }

        return null;
    }
}
