using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Copies what it can get of a group of small tables in the one transaction that has claimed the first of them. Whatever goes wrong, or looks unusual, rolls all of it back: then each is claimed and copied alone, on the
/// road that retries, names the row and notices changed definitions.
/// </summary>
internal sealed class GroupCopier
{
    private readonly RunContext _context;
    private readonly ChunkCopier _chunks;
    private readonly ChunkClaims _claims;
    private readonly long _mostBytes;

    /// <summary>Creates the copier that all workers share.</summary>
    public GroupCopier(RunContext context, CopyTuning tuning, ChunkCopier chunks, ChunkClaims claims)
    {
        _context = context;
        _chunks = chunks;
        _claims = claims;
        _mostBytes = tuning.ChunkBytes;
    }

    /// <summary>Copies a group's free chunks.</summary>
    /// <param name="group">The group.</param>
    /// <param name="first">The chunk that the session's transaction has locked.</param>
    /// <param name="sessions">The worker's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What was copied; null when nothing was, the transaction is gone, and the group is dissolved.</returns>
    public async Task<IReadOnlyList<GroupPiece>?> TryCopyAsync(TableGroup group, ChunkRecord first, CopySessions sessions, CancellationToken cancellationToken)
    {
        string reason;
        try
        {
            var pieces = await CopyAsync(group, first, sessions, cancellationToken).ConfigureAwait(false);
            if (pieces is not null)
            {
                foreach (var (table, _, chunk, piece) in pieces)
                {
                    _chunks.Count(table, chunk, piece);
                }

                return pieces;
            }

            reason = "one of them needs more than LOAD DATA";
        }
        catch (DtsMigrateException e) when (!cancellationToken.IsCancellationRequested)
        {
            reason = e.Message;
        }

        group.Dissolve();
        await sessions.ResetAsync().ConfigureAwait(false);
        _context.Log.Write(LogLevel.Info, "FullCopy", $"{group.Tables.Count} small tables, among them {group.Tables[0]}, are copied one by one: {reason}");
        return null;
    }

    private async Task<IReadOnlyList<GroupPiece>?> CopyAsync(TableGroup group, ChunkRecord first, CopySessions sessions, CancellationToken cancellationToken)
    {
        var destination = await sessions.DestinationAsync(cancellationToken).ConfigureAwait(false);
        var others = await _claims.TakeWholeAsync(destination, group.Tables.Select(t => t.Route.Number).Where(n => n != first.TableNumber), cancellationToken).ConfigureAwait(false);
        var done = new List<GroupPiece>(others.Count + 1);
        foreach (var chunk in others.Prepend(first))
        {
            // While its chunk is locked a table cannot begin again, so that its attempt stands.
            var table = group.Tables.First(t => t.Route.Number == chunk.TableNumber);
            if (table.Group != group)
            {
                continue;
            }

            int attempt = table.Attempt;
            var written = _chunks.UsesInsert(table) ? null : await _chunks.TryLoadAsync(table, chunk, destination, sessions, _mostBytes, cancellationToken).ConfigureAwait(false);
            if (written is not { Piece: { AtEnd: true } piece })
            {
                return null;
            }

            done.Add(new GroupPiece(table, attempt, chunk with { Rows = piece.Rows, Bytes = piece.Bytes }, piece));
        }

        await sessions.ReleaseSourceAsync(cancellationToken).ConfigureAwait(false);
        await _claims.FinishAsync(destination, [.. done.Select(d => d.Chunk)], cancellationToken).ConfigureAwait(false);
        await destination.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
        return done;
    }
}
