namespace DtsMigrate.Engine.Replication;

/// <summary>The earlier and the later of positions of one source. GTID sets need not be nested: then it is what both, or either, cover.</summary>
internal static class PositionMath
{
    /// <summary>What both positions cover.</summary>
    public static SourcePosition Earlier(SourcePosition a, SourcePosition b)
    {
        CheckSameKind(a, b);
        return a.Gtids is not null ? SourcePosition.Of(a.Gtids.Intersect(b.Gtids!)) : a.Coordinate <= b.Coordinate ? a : b;
    }

    /// <summary>What either position covers.</summary>
    public static SourcePosition Later(SourcePosition a, SourcePosition b)
    {
        CheckSameKind(a, b);
        return a.Gtids is not null ? SourcePosition.Of(a.Gtids.Union(b.Gtids!)) : a.Coordinate >= b.Coordinate ? a : b;
    }

    private static void CheckSameKind(SourcePosition a, SourcePosition b)
    {
        if (a.Gtids is null != b.Gtids is null)
        {
            throw ReplicationErrors.PositionKind(a, b);
        }
    }
}
