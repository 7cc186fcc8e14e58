using System.Globalization;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Finds where a range of a scope ends that has about so many rows. Over one integer column the end is worked out from how close the values have been so far, and the server's
/// estimate of the rows there must agree: that costs a look at a few pages. Everywhere else, and where the values are too uneven for it, the server reads the key of the n-th row, which
/// costs it as many rows as the range has.
/// </summary>
/// <remarks>Where a range ends decides only how large it is: every bound is right. So the estimate may be off, and whoever copies a range that is far too large ends it early.</remarks>
internal sealed class BoundFinder
{
    /// <summary>An estimate agrees from a half ...</summary>
    private const int Fewest = 2;

    /// <summary>... to three times the rows: InnoDB doubles what it has sampled in a large range (<c>btr_estimate_n_rows_in_range</c> of its source).</summary>
    private const int Most = 3;

    /// <summary>After so many values that do not do, the n-th row is read.</summary>
    private const int MostTries = 8;

    /// <summary>How many times as far the next try goes at most: beyond a gap the values may be close again.</summary>
    private const double MostGrowth = 64;

    private readonly CopyStatements _statements;
    private readonly long _estimatedRows;
    private readonly Func<CancellationToken, ValueTask> _charge;
    private ChunkScope? _scope;
    private (Int128 First, Int128 Last)? _ends;
    private double _valuesPerRow;

    /// <summary>Creates a finder for one table, to be asked for the ranges of a scope one after the other.</summary>
    /// <param name="statements">The table's statements.</param>
    /// <param name="estimatedRows">Rows that the server estimates in the table.</param>
    /// <param name="charge">Called before each further query of a look for a bound; the first is charged by whoever gives the session.</param>
    public BoundFinder(CopyStatements statements, long estimatedRows, Func<CancellationToken, ValueTask> charge)
    {
        _statements = statements;
        _estimatedRows = estimatedRows;
        _charge = charge;
    }

    /// <summary>The inclusive upper bound; null when the scope has hardly more rows than that.</summary>
    /// <param name="range">Scope and lower bound.</param>
    /// <param name="rows">Rows that the range shall have. Where it is read from a row, exactly so many, if no rows tie there.</param>
    /// <param name="source">A session that reads rows.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<string>?> FindAsync(ChunkRecord range, long rows, MySqlSession source, CancellationToken cancellationToken)
    {
        if (_statements.Key!.IsCountable)
        {
            if (await EstimateAsync(range, rows, source, cancellationToken).ConfigureAwait(false) is { } estimated)
            {
                return estimated.Upper;
            }

            await _charge(cancellationToken).ConfigureAwait(false);
        }

        var found = await source.QueryRowsAsync(_statements.SelectBound(range, rows), cancellationToken).ConfigureAwait(false);
        string[]? upper = found.Count == 0 ? null : _statements.Key.ToLiterals(found[0]);
        if (upper is not null && _ends is var (first, _))
        {
            _valuesPerRow = (double)(Value(upper[0]) - Lower(range, first)) / rows;
        }

        return upper;
    }

    /// <returns>The range with its upper bound; null when none was found.</returns>
    private async Task<ChunkRecord?> EstimateAsync(ChunkRecord range, long rows, MySqlSession source, CancellationToken cancellationToken)
    {
        bool isNew = _ends is null || !ReferenceEquals(_scope, range.Scope);
        if (await ReadEndsAsync(isNew, range.Scope, source, cancellationToken).ConfigureAwait(false) is not var (first, last))
        {
            return null;
        }

        var lower = Lower(range, first);
        double step = Math.Max(1, _valuesPerRow * rows);
        for (int i = 0; i < MostTries; i++)
        {
            var upper = lower + (Int128)Math.Min(step, ulong.MaxValue);
            var guess = range with { Upper = upper >= last ? null : [upper.ToString(CultureInfo.InvariantCulture)] };
            if (i > 0 || isNew)
            {
                await _charge(cancellationToken).ConfigureAwait(false);
            }

            long found = await CountAsync(guess, source, cancellationToken).ConfigureAwait(false);
            if (found <= Most * rows && (guess.Upper is null || found >= rows / Fewest))
            {
                // What does at once is right, and more so than the estimate.
                _valuesPerRow = i == 0 ? _valuesPerRow : step / Math.Max(1, found);
                return guess;
            }

            double next = Math.Max(1, step * Math.Min(MostGrowth, rows / (double)Math.Max(1, found)));
            if (next == step)
            {
                // So many rows share the next value: there is no other to ask about.
                return null;
            }

            step = next;
        }

        return null;
    }

    /// <summary>The lowest and the highest value of a scope, read once; null without rows.</summary>
    private async Task<(Int128 First, Int128 Last)?> ReadEndsAsync(bool isNew, ChunkScope? scope, MySqlSession source, CancellationToken cancellationToken)
    {
        if (isNew)
        {
            var row = (await source.QueryRowsAsync(_statements.SelectEnds(scope?.Partition), cancellationToken).ConfigureAwait(false))[0];
            _scope = scope;
            _ends = row.IsNull(0) ? null : (Value(row.GetStringOrNull(0)!), Value(row.GetStringOrNull(1)!));
            _valuesPerRow = _ends is var (first, last) ? (double)(last - first + 1) / Math.Max(1, _estimatedRows) : 0;
        }

        return _ends;
    }

    /// <summary>Rows that the server estimates; 0 where it knows that there are none.</summary>
    private async Task<long> CountAsync(ChunkRecord range, MySqlSession source, CancellationToken cancellationToken)
    {
        var row = (await source.QueryRowsAsync(_statements.Estimate(range), cancellationToken).ConfigureAwait(false))[0];

        // The columns before it: servers before 5.7 show no partitions, and behind it no filtered.
        int place = row.Count - (row.Count > 10 ? 3 : 2);
        return row.IsNull(place) ? 0 : row.GetInt64(place);
    }

    private static Int128 Lower(ChunkRecord range, Int128 first) => range.Lower is { } bound ? Value(bound[0]) : first - 1;

    private static Int128 Value(string literal) => Int128.Parse(literal, CultureInfo.InvariantCulture);
}
