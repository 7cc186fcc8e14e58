using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Collations of the source that become others of the same character set on the destination. Compared by value.</summary>
public sealed class CollationMap : IEquatable<CollationMap>
{
    private readonly SortedDictionary<string, string> _pairs = new(StringComparer.Ordinal);

    /// <summary>Creates a map.</summary>
    /// <param name="pairs">Collation of the source, collation of the destination.</param>
    public CollationMap(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        foreach (var (from, to) in pairs)
        {
            _pairs[from] = to;
        }
    }

    /// <summary>All stay.</summary>
    public static CollationMap None { get; } = new([]);

    /// <summary>No collation is mapped.</summary>
    public bool IsEmpty => _pairs.Count == 0;

    /// <summary>Source and destination, by name of the source's.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs => _pairs;

    /// <summary>The collation on the destination; the same where it is not mapped.</summary>
    public string Of(string collation) => Find(collation) ?? collation;

    /// <summary>
    /// A unique key of the table compares by a mapped collation: values that the source tells apart may be one on the destination. True also for tables whose definition, after DDL, has the
    /// destination's collation.
    /// </summary>
    internal bool MayJoinKeys(TableDefinition table) =>
        !IsEmpty && table.UniqueKeys.Any(k => (k.IsPlain ? k.Columns : table.Columns).Any(c => c.Collation is { } used && (Find(used) is not null || _pairs.Values.Any(to => Same(to, used)))));

    /// <inheritdoc/>
    public bool Equals(CollationMap? other) => other is not null && _pairs.SequenceEqual(other._pairs);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CollationMap);

    /// <inheritdoc/>
    public override int GetHashCode() => _pairs.Aggregate(0, static (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _pairs.Select(static p => $"{p.Key} -> {p.Value}"));

    /// <summary>Name of a collation's character set: the part before the first underscore.</summary>
    internal static string CharsetOf(string collation) => DestinationTableCheck.NormalizeCharset(collation)!.Split('_')[0];

    internal static bool Same(string a, string b) => string.Equals(DestinationTableCheck.NormalizeCharset(a), DestinationTableCheck.NormalizeCharset(b), StringComparison.OrdinalIgnoreCase);

    private string? Find(string collation)
    {
        foreach (var (from, to) in _pairs)
        {
            if (Same(from, collation))
            {
                return to;
            }
        }

        return null;
    }
}
