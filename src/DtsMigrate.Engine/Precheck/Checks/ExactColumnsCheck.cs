using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Every column has a type whose values are carried exactly.</summary>
internal sealed class ExactColumnsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ExactColumns";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasRows;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge([.. context.Routes!.Select(r => r.Definition)])]);

    // Types whose values are read and written exactly. What a later server adds is not guessed at.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit", "date", "time", "datetime", "timestamp", "year", "char", "varchar", "binary", "varbinary",
        "tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob", "mediumblob", "longblob", "enum", "set", "json", "vector",
        "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection",
    };

    /// <summary>Judges the types of the columns that are written.</summary>
    internal static Finding Judge(IReadOnlyList<TableDefinition> tables)
    {
        string[] names = [.. tables.SelectMany(t => t.WrittenColumns.Where(c => !Known.Contains(c.DataType)).Select(c => $"{t.Name}.{c.Name} ({c.ColumnType})"))];
        return names.Length == 0
            ? Finding.Passed("source", "Values of every selected column are carried exactly, FLOAT and DOUBLE bit for bit.")
            : Finding.Failed(names[0], $"Columns have types that this release does not know, so that their values might not arrive exactly: {Finding.List(names)}.", "Leave the tables out, or use a release that knows the types.");
    }
}
