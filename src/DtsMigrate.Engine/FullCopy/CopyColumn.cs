using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>How one column is read, loaded and inserted so that its value arrives unchanged.</summary>
internal sealed class CopyColumn
{
    private CopyColumn(string name, string select)
    {
        Name = name;
        Select = select;
    }

    /// <summary>Name, quoted.</summary>
    public string Name { get; }

    /// <summary>Expression in the source's SELECT.</summary>
    public string Select { get; }

    /// <summary>Expression over a user variable in LOAD DATA's SET; null when the field goes straight into the column.</summary>
    public Func<string, string>? LoadSet { get; private init; }

    /// <summary>What stands before the escaped bytes in an INSERT.</summary>
    public string InsertPrefix { get; private init; } = "'";

    /// <summary>What stands after them.</summary>
    public string InsertSuffix { get; private init; } = "'";

    /// <summary>
    /// An ENUM: its index 0 (the error value '') is stored with warning 1265 each time, and refused by strict INSERT. It is a legal value that
    /// has to arrive.
    /// </summary>
    public bool IsEnum { get; private init; }

    /// <summary>The source is asked more about the column by <see cref="JsonProbe"/>, because its text does not tell all: about these DOUBLEs too. Null when it is not.</summary>
    public ListedDoubles? Probed { get; private init; }

    /// <summary>The column is <see cref="Probed"/>.</summary>
    public bool IsProbed => Probed is not null;

    /// <summary>Its values are SQL expressions, to be written as they are.</summary>
    public bool IsExpression { get; private init; }

    /// <summary>The column for rows whose JSON documents are SQL expressions.</summary>
    public CopyColumn AsExpression() =>
        IsProbed ? new CopyColumn(Name, Select) { InsertPrefix = string.Empty, InsertSuffix = string.Empty, IsExpression = true } : this;

    /// <summary>Decides for a column.</summary>
    /// <param name="source">The column on the source.</param>
    /// <param name="destination">The column of that name on the destination.</param>
    /// <param name="doubles">DOUBLEs inside JSON documents whose text does not carry them between these servers.</param>
    public static CopyColumn Create(ColumnDefinition source, ColumnDefinition destination, ListedDoubles doubles)
    {
        string name = SqlText.Name(source.Name);
        switch (source.DataType)
        {
            case "float":
            case "double" when source.ColumnType.Contains('('):
                // Text of FLOAT has six digits; times one is DOUBLE, whose text is exact. Plus zero would lose the sign of -0.
                return new CopyColumn(name, name + "*1e0");
            case "enum":
            case "set":
                // By number: '' may be index 0 or a member. CAST, because in arithmetic both become DOUBLE, which 64 members do not fit.
                return new CopyColumn(name, $"CAST({name} AS UNSIGNED)")
                {
                    LoadSet = static v => $"CAST({v} AS UNSIGNED)",
                    InsertPrefix = string.Empty,
                    InsertSuffix = string.Empty,
                    IsEnum = source.DataType == "enum",
                };
            case "json":
                // JSON takes no binary string (3144).
                return new CopyColumn(name, name)
                {
                    LoadSet = static v => $"CONVERT({v} USING utf8mb4)",
                    InsertPrefix = "_utf8mb4'",
                    Probed = destination.DataType == "json" ? doubles : null,
                };
        }

        if (source.Charset is { } charset && !SameCharset(charset, destination.Charset))
        {
            // The bytes are the source's: said to be so on the destination, they are converted where they are stored, and a loss is a warning there.
            return new CopyColumn(name, name)
            {
                LoadSet = v => $"CONVERT({v} USING {charset})",
                InsertPrefix = "CONVERT('",
                InsertSuffix = $"' USING {charset})",
            };
        }

        return new CopyColumn(name, name);
    }

    private static bool SameCharset(string source, string? destination) =>
        destination is not null && Normal(source) == Normal(destination);

    /// <summary>utf8 is what servers before 8.0.30 call utf8mb3.</summary>
    private static string Normal(string charset) => charset == "utf8" ? "utf8mb3" : charset;
}
