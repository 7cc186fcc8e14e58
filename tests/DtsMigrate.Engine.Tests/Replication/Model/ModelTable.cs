namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>
/// Rows of a table: with a key, id to value, where the value is unique unless 0; without, a bag of (id, value).
/// </summary>
internal sealed class ModelTable(bool hasKey)
{
    private readonly List<(int Id, int Value)> _rows = [];

    public bool HasKey => hasKey;

    public IReadOnlyList<(int Id, int Value)> Rows => _rows;

    public ModelTable Copy()
    {
        var copy = new ModelTable(hasKey);
        copy._rows.AddRange(_rows);
        return copy;
    }

    /// <summary>Strict change.</summary>
    /// <returns>False when it does not find what it expects.</returns>
    public bool TryChange(ModelChange change)
    {
        int at = change.Before is { } before ? _rows.FindIndex(r => hasKey ? r.Id == before.Id : r == before) : -1;
        if (change.Before is not null && at < 0)
        {
            return false;
        }

        if (hasKey && change.After is { } wanted && _rows.Where((_, i) => i != at).Any(r => r.Id == wanted.Id || (wanted.Value != 0 && r.Value == wanted.Value)))
        {
            return false;
        }

        if (at >= 0)
        {
            _rows.RemoveAt(at);
        }

        if (change.After is { } after)
        {
            _rows.Add(after);
        }

        return true;
    }

    /// <summary>Change as an upsert of the full image: REPLACE, which takes a unique value from whoever has it, and DELETE that may find nothing.</summary>
    public void Upsert(ModelChange change)
    {
        if (change.Before is { } before && (change.After is not { } moved || moved.Id != before.Id))
        {
            _rows.RemoveAll(r => r.Id == before.Id);
        }

        if (change.After is { } after)
        {
            _rows.RemoveAll(r => r.Id == after.Id || (after.Value != 0 && r.Value == after.Value));
            _rows.Add(after);
        }
    }

    /// <summary>Writes a chunk's row with IGNORE.</summary>
    public void InsertIgnore((int Id, int Value) row)
    {
        if (!hasKey || !_rows.Exists(r => r.Id == row.Id || (row.Value != 0 && r.Value == row.Value)))
        {
            _rows.Add(row);
        }
    }

    public void Clear() => _rows.Clear();

    public bool SameAs(ModelTable other) => _rows.Order().SequenceEqual(other._rows.Order());
}
