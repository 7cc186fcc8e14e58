using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Cuts a table into ranges, scope by scope, and goes on where the recorded chunks end. What is recorded is the only state: all ranges of a scope together reach from
/// its start to its end, in whatever order and with whatever numbers they stand there; a scope with a range that has no upper bound is covered.
/// </summary>
/// <remarks>
/// The partitions and the values of fixed columns are read once, when the first range is asked for. Rows that come into others later are changes, as are rows that come
/// into ranges that have been copied.
/// </remarks>
internal sealed class RangeCutter
{
    /// <summary>Partitions of fewer bytes on average are not worth a chunk each.</summary>
    private const long WorthwhilePartitionBytes = 1 << 20;

    /// <summary>Combinations of values of fixed columns get a chunk each where they have as many bytes on average ...</summary>
    private const long WorthwhileScopeBytes = 64 << 10;

    /// <summary>... or where they are as few ...</summary>
    private const int FewScopes = 100;

    /// <summary>... but never more than these.</summary>
    private const int MostScopes = 10_000;

    private readonly TableRoute _route;
    private readonly CopyStatements _statements;
    private readonly long _partitionBytes;
    private readonly bool _whole;
    private readonly BoundFinder _bounds;
    private readonly Dictionary<string, (ChunkScope? Scope, IReadOnlyList<string>? End)> _known = [];

    // Parts of the table whose scopes are not known yet; scopes that are not begun, or not covered; the one that is being cut.
    private Queue<ChunkScope?>? _parts;
    private readonly Queue<(ChunkScope? Scope, IReadOnlyList<string>? End)> _scopes = [];
    private (ChunkScope? Scope, IReadOnlyList<string>? End)? _current;
    private int _number;

    /// <summary>Creates a cutter.</summary>
    /// <param name="route">Table.</param>
    /// <param name="statements">Its statements.</param>
    /// <param name="known">All chunks that are recorded.</param>
    /// <param name="whole">If none is recorded, the table becomes one chunk without being looked at.</param>
    /// <param name="partitionBytes">A table with partitions is cut partition by partition where they have as many bytes on average.</param>
    /// <param name="charge">Called before queries to the source beyond the first that a bound takes; null where nobody counts.</param>
    /// <exception cref="DtsMigrateException">Code <c>CheckpointInconsistent</c>: the recorded chunks do not fit together, or not the key.</exception>
    public RangeCutter(TableRoute route, CopyStatements statements, IReadOnlyList<ChunkRecord> known, bool whole, long partitionBytes = WorthwhilePartitionBytes, Func<CancellationToken, ValueTask>? charge = null)
    {
        _route = route;
        _statements = statements;
        _bounds = new BoundFinder(statements, route.Definition.EstimatedRows, charge ?? (static _ => ValueTask.CompletedTask));
        _partitionBytes = partitionBytes;
        _whole = statements.Key is null || (whole && known.Count == 0);

        // Rests of chunks that were ended early have numbers of their own.
        _number = known.Select(c => c.Number).Where(n => n < ChunkClaims.FirstCutNumber).DefaultIfEmpty().Max();
        foreach (var group in known.GroupBy(c => Text(c.Scope)))
        {
            ChunkRecord[] chunks = [.. group];
            _known.Add(group.Key, (chunks[0].Scope, EndOf(chunks)));
        }

        if (_whole || _known.ContainsKey(Text(null)))
        {
            _parts = [];
            Begin(null);
            IsComplete = _scopes.Count == 0;
        }
    }

    /// <summary>The ranges so far cover the table. Where there are scopes this may only be known when there is no next range.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>
    /// The next range, numbered after the last known one; null when the table is covered. Asks the source. May be called again after a failure.
    /// </summary>
    /// <param name="rows">Rows that the range shall have; see <see cref="BoundFinder"/>.</param>
    /// <param name="source">A session that reads rows.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">Code <c>TableDefinitionChanged</c>: a partition with recorded chunks holds other rows now.</exception>
    public async Task<ChunkRecord?> NextAsync(long rows, MySqlSession source, CancellationToken cancellationToken)
    {
        if (IsComplete || !await EnterAsync(source, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var (scope, end) = _current!.Value;
        var range = new ChunkRecord(_route.Number, _number + 1, end, null, false, 0, 0, scope);
        if (!_whole && _statements.Key!.CanCut(scope))
        {
            range = range with { Upper = await _bounds.FindAsync(range, rows, source, cancellationToken).ConfigureAwait(false) };
        }

        _number++;
        _current = range.Upper is null ? null : (scope, range.Upper);
        IsComplete = _current is null && _scopes.Count == 0 && _parts!.Count == 0;
        return range;
    }

    /// <summary>Makes sure that there is a scope to cut; false when there is none left.</summary>
    private async Task<bool> EnterAsync(MySqlSession source, CancellationToken cancellationToken)
    {
        _parts ??= await ReadPartsAsync(source, cancellationToken).ConfigureAwait(false);
        while (_current is null)
        {
            if (_scopes.TryDequeue(out var next))
            {
                _current = next;
            }
            else if (_parts.TryPeek(out var part))
            {
                foreach (var scope in await ReadScopesAsync(part, source, cancellationToken).ConfigureAwait(false))
                {
                    Begin(scope);
                }

                _parts.Dequeue();
            }
            else if (_number == 0 && _known.Count == 0)
            {
                // No value of the fixed columns, so no row. A table has at least one chunk.
                _current = (null, null);
            }
            else
            {
                IsComplete = true;
                return false;
            }
        }

        return true;
    }

    /// <summary>The partitions; one part without a partition where the table is not cut by them.</summary>
    private async Task<Queue<ChunkScope?>> ReadPartsAsync(MySqlSession source, CancellationToken cancellationToken)
    {
        var layout = await PartitionLayout.ReadAsync(source, _route.Definition, cancellationToken).ConfigureAwait(false);
        layout.Check(_known.Values.Select(k => k.Scope));
        bool byPartition = _known.Count > 0
            ? _known.Values.Any(k => k.Scope?.Partition is not null)
            : layout.Partitions.Count > 0 && _route.Definition.EstimatedBytes / layout.Partitions.Count >= _partitionBytes;
        IEnumerable<ChunkScope?> parts = byPartition ? layout.Partitions : Enumerable.Repeat<ChunkScope?>(null, 1);
        return new Queue<ChunkScope?>(parts);
    }

    /// <summary>
    /// The scopes of a part: one for each combination of values of the fixed columns. Where these are too many, fewer columns are fixed and the scopes, each one chunk, are
    /// not cut.
    /// </summary>
    private async Task<IReadOnlyList<ChunkScope?>> ReadScopesAsync(ChunkScope? part, MySqlSession source, CancellationToken cancellationToken)
    {
        var key = _statements.Key!;
        var recorded = _known.Values.Where(k => k.Scope?.Partition == part?.Partition).ToArray();
        int columns = recorded.Length > 0 ? recorded[0].Scope?.Fixed.Count ?? 0 : key.FixedCount;
        int most = (int)Math.Clamp(_route.Definition.EstimatedBytes / WorthwhileScopeBytes, FewScopes, MostScopes);
        for (; columns > 0; columns--)
        {
            int limit = recorded.Length > 0 ? int.MaxValue : most + 1;
            var values = await source.QueryRowsAsync(_statements.SelectFixed(part?.Partition, columns, limit), cancellationToken).ConfigureAwait(false);
            if (values.Count < limit)
            {
                return [.. values.Select(v => new ChunkScope(part?.Partition, key.ToFixed(v), part?.PartitionHash))];
            }
        }

        return [part];
    }

    /// <summary>Queues a scope that the recorded chunks do not cover.</summary>
    private void Begin(ChunkScope? scope)
    {
        if (!_known.TryGetValue(Text(scope), out var state))
        {
            _scopes.Enqueue((scope, null));
        }
        else if (state.End is not null)
        {
            _scopes.Enqueue(state);
        }
    }

    /// <summary>The upper bound of the last range of a scope; null when it has none.</summary>
    private IReadOnlyList<string>? EndOf(ChunkRecord[] chunks)
    {
        if (chunks.Any(c => c.Upper is null))
        {
            return null;
        }

        // Bounds are handed on as they are, so where one range ends and another begins the literals are the same texts. What is left of a chunk that was split at its
        // last row is an empty range.
        var ranges = chunks.Where(c => c.Lower is null || Joined(c.Lower) != Joined(c.Upper!)).ToArray();
        var begun = ranges.Where(c => c.Lower is not null).Select(c => Joined(c.Lower!)).ToHashSet(StringComparer.Ordinal);
        var ends = ranges.Where(c => !begun.Contains(Joined(c.Upper!))).ToArray();
        if (ends.Length != 1)
        {
            throw Inconsistent($"have {ends.Length} ends");
        }

        var end = ends[0].Upper!;
        return _statements.Key is { } key && key.CanCut(ends[0].Scope) && key.Count == end.Count ? end : throw Inconsistent("were planned over another key");
    }

    private static string Text(ChunkScope? scope) => CheckpointSql.FormatScope(scope) ?? string.Empty;

    private static string Joined(IReadOnlyList<string> bound) => string.Join('\0', bound);

    private DtsMigrateException Inconsistent(string how) =>
        new("CheckpointInconsistent", $"The recorded chunks of {_route.Source} {how}.")
        {
            Target = _route.Source.ToString(),
            RecommendedAction = "Empty the destination's table and start the migration of this table anew under another task name.",
        };
}
