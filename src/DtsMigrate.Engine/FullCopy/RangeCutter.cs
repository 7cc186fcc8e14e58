using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Cuts a table into ranges, one after the other, and goes on where the recorded chunks end. What is recorded is the only state: all ranges of a scope together
/// reach from its start to its end, in whatever order and with whatever numbers they stand there; a scope with a range that has no upper bound is covered.
/// </summary>
internal sealed class RangeCutter
{
    private readonly TableRoute _route;
    private readonly CopyStatements _statements;
    private readonly bool _whole;
    private IReadOnlyList<string>? _lower;
    private int _number;

    /// <summary>Creates a cutter.</summary>
    /// <param name="route">Table.</param>
    /// <param name="statements">Its statements.</param>
    /// <param name="known">All chunks that are recorded.</param>
    /// <param name="whole">If none is recorded, the table becomes one chunk without being looked at.</param>
    /// <exception cref="DtsMigrateException">Code <c>CheckpointInconsistent</c>: the recorded chunks do not fit together, or not the key.</exception>
    public RangeCutter(TableRoute route, CopyStatements statements, IReadOnlyList<ChunkRecord> known, bool whole)
    {
        _route = route;
        _statements = statements;
        _whole = statements.Key is null || (whole && known.Count == 0);

        // Rests of chunks that were ended early have numbers of their own.
        _number = known.Select(c => c.Number).Where(n => n < ChunkClaims.FirstCutNumber).DefaultIfEmpty().Max();
        if (known.Count > 0)
        {
            _lower = EndOf(known);
            IsComplete = _lower is null;
        }
    }

    /// <summary>The ranges so far cover the table.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>
    /// The next range, numbered after the last known one; null when the table is covered. Reads keys from the source. May be called again after a failure.
    /// </summary>
    /// <param name="rows">Rows that the range shall have, if no rows tie on its end.</param>
    /// <param name="source">A session that reads rows.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ChunkRecord?> NextAsync(long rows, MySqlSession source, CancellationToken cancellationToken)
    {
        if (IsComplete)
        {
            return null;
        }

        var range = new ChunkRecord(_route.Number, _number + 1, _lower, null, false, 0, 0);
        if (!_whole)
        {
            var found = await source.QueryRowsAsync(_statements.SelectBound(range, rows), cancellationToken).ConfigureAwait(false);
            range = range with { Upper = found.Count == 0 ? null : _statements.Key!.ToLiterals(found[0]) };
        }

        _number++;
        _lower = range.Upper;
        IsComplete = _lower is null;
        return range;
    }

    /// <summary>The upper bound of the last range of a scope; null when it has none.</summary>
    private IReadOnlyList<string>? EndOf(IReadOnlyList<ChunkRecord> chunks)
    {
        if (chunks.Any(c => c.Upper is null))
        {
            return null;
        }

        // Bounds are handed on as they are, so where one range ends and another begins the literals are the same texts.
        var begun = chunks.Where(c => c.Lower is not null).Select(c => Text(c.Lower!)).ToHashSet(StringComparer.Ordinal);
        var ends = chunks.Where(c => !begun.Contains(Text(c.Upper!))).ToArray();
        if (ends.Length != 1)
        {
            throw Inconsistent($"have {ends.Length} ends");
        }

        var end = ends[0].Upper!;
        return end.Count == _statements.Key?.Count ? end : throw Inconsistent($"were planned over {end.Count} key columns, now there are {_statements.Key?.Count ?? 0}");
    }

    private static string Text(IReadOnlyList<string> bound) => string.Join('\0', bound);

    private DtsMigrateException Inconsistent(string how) =>
        new("CheckpointInconsistent", $"The recorded chunks of {_route.Source} {how}.")
        {
            Target = _route.Source.ToString(),
            RecommendedAction = "Empty the destination's table and start the migration of this table anew under another task name.",
        };
}
