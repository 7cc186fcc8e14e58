using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Objects that need others which are not selected.</summary>
internal sealed class DependenciesItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "Dependencies";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        var selection = context.Selection;
        var names = context.Source.Facts!.LowerCaseTableNames == 0 ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        var there = context.Routes!.Select(r => r.Source).Concat(objects.Where(o => o.Kind == StoredObjectKind.View).Select(o => o.Name)).Select(n => n.ToString()).ToHashSet(names);
        string[] keys = [.. context.ForeignKeys.Where(k => !selection.Selects(k.Key.Parent)).Select(k => $"{k.Child} needs {k.Key.Parent}")];
        string[] texts = [.. from item in objects
                             from name in TablesOf(item)
                             where !IsSystem(name.Database) && !there.Contains(name.ToString())
                             select $"{item} needs {name}"];
        return
        [
            .. AssessmentFinding.About(AssessmentSeverity.Incompatible, keys, "Foreign keys refer to tables that are not selected", "Select the tables, too, or create them on the destination."),
            .. AssessmentFinding.About(AssessmentSeverity.Incompatible, texts, "Texts name tables or views that are not selected, or that are not there until a routine creates them", "Select them, too, or create them on the destination."),
        ];
    }

    /// <summary>Tables and views that the text of an object names.</summary>
    internal static IReadOnlyList<QualifiedName> TablesOf(StoredObject item)
    {
        var tokens = new SqlTokens(item.CreateSql, item.Syntax).WithoutComments();
        int body = StoredStatement.Parse(item.CreateSql, item.Syntax).Body;
        int first = 0;
        while (first < tokens.Count && tokens[first].Start < body)
        {
            first++;
        }

        var finder = new TableReferenceFinder(tokens, first, tokens.Count, item.Name.Database);
        return [.. finder.References.Values.Select(finder.NameOf).Distinct()];
    }

    private static bool IsSystem(string database) => database.ToUpperInvariant() is "INFORMATION_SCHEMA" or "PERFORMANCE_SCHEMA" or "MYSQL" or "SYS";
}
