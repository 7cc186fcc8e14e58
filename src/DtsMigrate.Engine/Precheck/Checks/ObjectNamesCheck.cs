using System.Text;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Names that every server and client takes.</summary>
internal sealed class ObjectNamesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ObjectNames";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge([.. context.Routes!.Select(r => r.Destination)], [.. context.Routes!.SelectMany(r => r.Definition.Columns.Where(c => !Ascii.IsValid(c.Name)).Select(c => $"{r.Destination}.{c.Name}"))])]);

    /// <summary>Judges names of tables and those of columns that are not ASCII.</summary>
    internal static Finding Judge(IReadOnlyCollection<QualifiedName> tables, IReadOnlyCollection<string> columns)
    {
        string[] databases = [.. tables.Select(t => t.Database).Distinct(StringComparer.Ordinal).Where(d => !d.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))];
        string[] others = [.. tables.Where(t => !Ascii.IsValid(t.Name)).Select(t => t.ToString()), .. columns];
        var words = new List<string>();
        if (databases.Length > 0)
        {
            words.Add($"names of databases that have other characters than letters, digits, _ and - of ASCII, which managed services may refuse to create: {Finding.List(databases)}");
        }

        if (others.Length > 0)
        {
            words.Add($"names outside ASCII, which clients must ask for in a character set that has them: {Finding.List(others)}");
        }

        return words.Count == 0
            ? Finding.Passed("destination", "All names are of letters, digits, _ and - of ASCII.")
            : Finding.Warning(databases.Concat(others).First(), $"There are {string.Join("; and ", words)}. They are migrated as they are.", "Create such databases on the destination by hand where it is a managed service, or give them another name with \"to\".");
    }
}
