using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Transform;

/// <summary>
/// How the two servers and the task treat capital and small letters in names. The names that it makes for the destination are those that the destination stores, so that they can be compared
/// with what it lists (MySQL manual, "Identifier Case Sensitivity").
/// </summary>
internal sealed record NameCase
{
    /// <summary>Two servers that distinguish case, and a task that changes none.</summary>
    public static NameCase Exact { get; } = new();

    /// <summary>The source compares names of databases and tables without case.</summary>
    public bool IgnoresOnSource { get; init; }

    /// <summary>The source keeps these names in lower case, whatever statements say.</summary>
    public bool SourceIsLower { get; init; }

    /// <summary>Databases and tables that the task gives no other name.</summary>
    public LetterCase Own { get; init; }

    /// <summary>Databases and tables that the task gives another name.</summary>
    public LetterCase Given { get; init; }

    /// <summary>Columns of tables.</summary>
    public LetterCase Columns { get; init; }

    /// <summary>The rules between two servers.</summary>
    public static NameCase Of(NameCapitalization policy, ServerFacts? source, ServerFacts? destination) => Of(policy, source?.LowerCaseTableNames ?? 0, destination?.LowerCaseTableNames ?? 0);

    /// <summary>The rules between two values of lower_case_table_names.</summary>
    public static NameCase Of(NameCapitalization policy, int source, int destination)
    {
        LetterCase wanted = policy switch
        {
            NameCapitalization.Uppercase => LetterCase.Upper,
            NameCapitalization.Lowercase => LetterCase.Lower,
            NameCapitalization.Default when destination != 0 => LetterCase.Lower,
            _ => LetterCase.AsIs,
        };
        return new NameCase
        {
            IgnoresOnSource = source != 0,
            SourceIsLower = source == 1,
            Own = destination == 1 ? LetterCase.Lower : wanted,
            Given = destination == 1 ? LetterCase.Lower : LetterCase.AsIs,
            Columns = policy is NameCapitalization.Uppercase or NameCapitalization.Lowercase ? wanted : LetterCase.AsIs,
        };
    }

    /// <summary>Name on the source as its server keeps it.</summary>
    public string OnSource(string name) => SourceIsLower ? Apply(LetterCase.Lower, name) : name;

    /// <summary>Name on the destination of a database or table.</summary>
    /// <param name="name">Name on the source.</param>
    /// <param name="given">The name that the task gives; null for none.</param>
    public string OnDestination(string name, string? given) => given is null ? Apply(Own, OnSource(name)) : Apply(Given, given);

    /// <summary>Name on the destination of a column.</summary>
    public string Column(string name) => Apply(Columns, name);

#pragma warning disable CA1308 // Lower case is what MySQL stores.
    private static string Apply(LetterCase letters, string name) => letters switch
    {
        LetterCase.Lower => name.ToLowerInvariant(),
        LetterCase.Upper => name.ToUpperInvariant(),
        _ => name,
    };
#pragma warning restore CA1308
}
