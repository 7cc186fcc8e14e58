namespace DtsMigrate.Engine.Replication.Merge;

/// <summary>
/// Divides a window's changes among slots, which commit in any order: what may stand in one another's way is given to the same slot. Where the identity key is a
/// table's only unique key, rows are divided by the hash of those key columns whose values are equal only if their bytes are; two keys that a collation
/// takes for the same one share a slot. A table without such a column is one slot's, and so is one with other unique keys of which the window changes or deletes a row: a value
/// that wanders from one row to another ties rows together, and some such values are in no image. Where it only adds rows, no value can come from another row: they are divided.
/// The same window is divided alike in every process.
/// </summary>
internal static class SlotPlan
{
    /// <summary>The rules in force.</summary>
    public const int Division = 2;

    /// <summary>The rules of earlier releases: a table with another unique key is one slot's whatever is done to it.</summary>
    private const int FirstDivision = 1;

    /// <summary>Divides.</summary>
    /// <param name="tables">The window.</param>
    /// <param name="slots">How many slots.</param>
    /// <param name="division">By which rules.</param>
    /// <returns>For each slot its tables and the places of its changes in them, in the order of writing.</returns>
    public static IReadOnlyList<IReadOnlyList<(MergedTable Table, int[] Rows)>> Divide(IReadOnlyList<MergedTable> tables, int slots, int division = Division)
    {
        var parts = new List<(MergedTable, int[])>[slots];
        for (int slot = 0; slot < slots; slot++)
        {
            parts[slot] = [];
        }

        foreach (var table in tables)
        {
            var order = table.Sorted().Span;
            if (IsTied(table, division) || !Array.Exists(table.Plan.Key!, c => c.EqualsByBytes))
            {
                parts[table.Plan.Number % slots].Add((table, order.ToArray()));
                continue;
            }

            var rows = new List<int>[slots];
            for (int i = 0; i < order.Length; i++)
            {
                (rows[SlotOf(table.PartHash(table.Rows[order[i]]), slots)] ??= []).Add(order[i]);
            }

            for (int slot = 0; slot < slots; slot++)
            {
                if (rows[slot] is { } own)
                {
                    parts[slot].Add((table, [.. own]));
                }
            }
        }

        return parts;
    }

    // A row that was there before the window may leave a unique value to another one; one that was not has none to leave.
    private static bool IsTied(MergedTable table, int division) =>
        table.Plan.Route.Definition.HasSecondaryUnique && (division == FirstDivision || table.HasEarlierRows);

    private static int SlotOf(ulong hash, int slots) => (int)((hash >> 32) % (ulong)slots);
}
