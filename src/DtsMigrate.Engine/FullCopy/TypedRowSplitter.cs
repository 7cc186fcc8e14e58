using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Rows whose first fields are the answers of <see cref="JsonProbe"/>. Passes on the rows where all of these are NULL, without them, and sets the others aside;
/// pauses when many are. Does not own the rows.
/// </summary>
internal sealed class TypedRowSplitter : TextResultSet
{
    /// <summary>Bytes set aside before a pause.</summary>
    private const int HeldLimitBytes = 4 << 20;

    private const byte NullField = 251;

    private readonly TextResultSet _rows;
    private readonly int _probeFields;
    private List<byte[]> _held = [];
    private long _heldBytes;

    /// <summary>Creates a splitter.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="probeFields">Number of leading fields.</param>
    public TypedRowSplitter(TextResultSet rows, int probeFields)
    {
        _rows = rows;
        _probeFields = probeFields;
    }

    /// <summary>The rows have ended.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Reading has stopped because what is held must be taken first.</summary>
    public bool Paused => _heldBytes >= HeldLimitBytes;

    /// <inheritdoc/>
    public override IReadOnlyList<ResultColumn> Columns => _rows.Columns;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> CurrentRow => _rows.CurrentRow[_probeFields..];

    /// <inheritdoc/>
    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (!AtEnd && !Paused)
        {
            if (!await _rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                AtEnd = true;
            }
            else if (!HoldTyped(_rows.CurrentRow))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override bool TryReadBuffered()
    {
        while (!AtEnd && !Paused && _rows.TryReadBuffered())
        {
            if (!HoldTyped(_rows.CurrentRow))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the rows that were set aside, with their leading fields.</summary>
    public IReadOnlyList<byte[]> TakeHeld()
    {
        var held = _held;
        _held = [];
        _heldBytes = 0;
        return held;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool HoldTyped(ReadOnlySpan<byte> row)
    {
        // A field of NULL is one byte, and no other field begins with it.
        if (row.Length >= _probeFields && !row[.._probeFields].ContainsAnyExcept(NullField))
        {
            return false;
        }

        _held.Add(row.ToArray());
        _heldBytes += row.Length;
        return true;
    }
}
