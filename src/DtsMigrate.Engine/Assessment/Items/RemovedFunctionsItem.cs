using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Functions and variables in texts that the destination does not have any more.</summary>
internal sealed class RemovedFunctionsItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "RemovedFunctions";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        string[] found = [.. from item in objects
                             from name in Find(item, context.Source.Version, context.Destination.Version)
                             select $"{item} ({name})"];
        return AssessmentFinding.About(AssessmentSeverity.Incompatible, found, "Texts use what the destination's version does not have any more", "Change them on the source to what both versions have.");
    }

    /// <summary>What an object uses that exists on the source and not on the destination.</summary>
    internal static IReadOnlyList<string> Find(StoredObject item, ServerVersion source, ServerVersion destination)
    {
        var tokens = new SqlTokens(item.CreateSql, item.Syntax).WithoutComments();
        var found = new List<string>();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (!tokens.Is(i, SqlTokenKind.Word))
            {
                continue;
            }

            string word = tokens.Name(i).ToUpperInvariant();
            bool isCall = tokens.IsSymbol(i + 1, '(') && !tokens.IsSymbol(i - 1, '.');
            if ((isCall && RemovedFeatures.Functions.TryGetValue(word, out var removed)) || (IsVariable(tokens, i) && RemovedFeatures.Variables.TryGetValue(word, out removed)))
            {
                if (destination.IsAtLeast(removed.Major, removed.Minor) && !source.IsAtLeast(removed.Major, removed.Minor))
                {
                    found.Add(isCall ? $"{word}()" : $"@@{word}");
                }
            }
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    private static bool IsVariable(SqlTokens tokens, int at) => tokens[at].Start > 1 && (tokens.Sql.AsSpan(0, tokens[at].Start).EndsWith("@@") || tokens.IsSymbol(at - 1, '.'));
}
