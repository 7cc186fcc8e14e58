using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema.Generated;

/// <summary>
/// Keeps tables out whose generated values the destination would compute otherwise. No statement can write such a value; the migration's sessions compute it in UTC and on their own day.
/// </summary>
internal static class GeneratedValueGuard
{
    /// <summary>What must not go into a value that is to be exact. The rest is settings that the precheck compares.</summary>
    internal const SessionInputs Uncertain = SessionInputs.TimeZone | SessionInputs.CurrentDate;

    /// <summary>The values of a table that depend on more than its columns.</summary>
    /// <param name="createSql">SHOW CREATE TABLE.</param>
    public static IReadOnlyList<GeneratedValue> Find(string createSql) => MayHaveAny(createSql) ? GeneratedValueFinder.Find(CreateTableStatement.Parse(createSql)) : [];

    /// <summary>Those of a table that stop the task.</summary>
    public static IReadOnlyList<GeneratedValue> FindInexact(RunContext context, string createSql)
    {
        if (context.Task.Options.GeneratedColumns == GeneratedColumnPolicy.Recompute)
        {
            return [];
        }

        var inputs = context.SourceFacts.IsInUtc ? Uncertain & ~SessionInputs.TimeZone : Uncertain;
        return [.. Find(createSql).Where(v => v.Takes(inputs))];
    }

    /// <summary>Refuses a table that has one.</summary>
    /// <exception cref="DtsMigrateException">Code <c>GeneratedColumnNotExact</c>.</exception>
    public static void Require(RunContext context, TableDefinition table)
    {
        if (FindInexact(context, table.CreateSql) is [var value, ..])
        {
            throw new DtsMigrateException("GeneratedColumnNotExact", $"{table.Name}: {Why(value)}, and only the server computes it: the destination's value would be another one.")
            {
                Target = table.Name.ToString(),
                RecommendedAction = Remedy,
            };
        }
    }

    /// <summary>What to do about it.</summary>
    public const string Remedy =
        "Leave the table out, or make the column a plain one on the source, which keeps its values; or let the destination compute in UTC: options.generatedColumns = Recompute (-GeneratedColumns Recompute).";

    /// <summary>What goes into a value, as a clause.</summary>
    public static string Why(GeneratedValue value)
    {
        string what = value.Takes(SessionInputs.TimeZone) ? "the session's time zone" : "the day of the statement";
        return $"{what} goes into {(value.Column is null ? "the expression of index" : value.IsStored ? "the generated column" : "the indexed generated column")} {value.Name} {value.Expression}";
    }

    // Few tables have generated columns or expressions in indexes: the others need no parsing.
    private static bool MayHaveAny(string createSql) => createSql.Contains("GENERATED ALWAYS AS", StringComparison.Ordinal) || createSql.Contains("((", StringComparison.Ordinal);
}
