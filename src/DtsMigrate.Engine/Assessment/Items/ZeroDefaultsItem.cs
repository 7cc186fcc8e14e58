using DtsMigrate.Engine.Precheck;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Defaults that a strict sql_mode refuses.</summary>
internal sealed class ZeroDefaultsItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "ZeroDefaults";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var selection = context.Selection;
        var rows = await context.Source.Session.QueryRowsAsync(
            "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE DATA_TYPE IN ('date','datetime','timestamp') AND (COLUMN_DEFAULT LIKE '____-00%' OR COLUMN_DEFAULT LIKE '____-__-00%')",
            cancellationToken).ConfigureAwait(false);
        string[] names = [.. rows.Where(r => selection.Selects(new QualifiedName(r.GetString(0), r.GetString(1)))).Select(r => $"{r.GetString(0)}.{r.GetString(1)}.{r.GetString(2)}")];
        return AssessmentFinding.About(
            AssessmentSeverity.Deprecated, names, "Defaults are dates with zeros, which sql_mode NO_ZERO_DATE and NO_ZERO_IN_DATE refuse; the migration creates them", "Later ALTER TABLE statements fail under these modes: give the columns NULL or a date.");
    }
}
