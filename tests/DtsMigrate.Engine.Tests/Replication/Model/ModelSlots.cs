namespace DtsMigrate.Engine.Tests.Replication.Model;

/// <summary>A window of merged changes, divided into slots that commit one by one, in any order.</summary>
internal sealed class ModelSlots
{
    /// <summary>Slots of every window.</summary>
    public const int Count = 2;

    private readonly Dictionary<(int Table, int Id), (bool Existed, (int Id, int Value)? After)> _merged = [];
    private readonly Dictionary<int, bool> _fuzzy = [];
    private readonly ProtocolRules _rules;

    /// <summary>Merges changes per key.</summary>
    public ModelSlots(IEnumerable<(ModelChange Change, bool Fuzzy)> changes, ProtocolRules rules)
    {
        _rules = rules;
        foreach (var (change, fuzzy) in changes)
        {
            _fuzzy.TryAdd(change.Table, fuzzy);
            if (change.Before is { } before)
            {
                Put(change.Table, before.Id, existed: true, after: null);
            }

            if (change.After is { } after)
            {
                Put(change.Table, after.Id, existed: false, after);
            }
        }
    }

    /// <summary>Writes a slot's rows.</summary>
    /// <returns>Null when an exact table did not hold what was expected.</returns>
    public ModelTable[]? Write(int slot, ModelTable[] tables)
    {
        var written = tables.Select(t => t.Copy()).ToArray();
        var own = _merged.Where(m => SlotOf(m.Key) == slot).OrderBy(m => m.Key).ToList();
        foreach (var ((table, id), (existed, after)) in own)
        {
            bool fuzzy = _fuzzy[table];
            if (fuzzy ? after is null : existed)
            {
                bool found = written[table].Rows.Any(r => r.Id == id);
                if (!found && !fuzzy)
                {
                    return null;
                }

                written[table].Upsert(new ModelChange(table, (id, 0), null));
            }
        }

        foreach (var ((table, _), (_, after)) in own.Where(m => m.Value.After is not null))
        {
            if (_fuzzy[table])
            {
                written[table].Upsert(new ModelChange(table, null, after));
            }
            else if (!written[table].TryChange(new ModelChange(table, null, after)))
            {
                return null;
            }
        }

        return written;
    }

    // The tables have a unique value besides their key: they are one slot's, if a row that was there may leave its value to another one.
    private int SlotOf((int Table, int Id) key) => (_rules.UniqueTogether && _merged.Any(m => m.Key.Table == key.Table && m.Value.Existed) ? key.Table : key.Id) % Count;

    private void Put(int table, int id, bool existed, (int Id, int Value)? after)
    {
        bool first = !_merged.TryGetValue((table, id), out var known);
        _merged[(table, id)] = (first ? existed : known.Existed, after);
    }
}
