namespace DtsMigrate.MySql.Binlog.Gtids;

/// <summary>An immutable set of GTIDs: per origin, sorted disjoint intervals.</summary>
public sealed class GtidSet : IEquatable<GtidSet>
{
    /// <summary>The empty set.</summary>
    public static GtidSet Empty => throw new NotImplementedException();

    /// <summary>True when the set holds nothing.</summary>
    public bool IsEmpty => throw new NotImplementedException();

    /// <summary>Number of GTIDs in the set.</summary>
    public ulong Count => throw new NotImplementedException();

    /// <summary>Reads the text form, <c>uuid:1-5:7:tag:1-3,uuid:...</c>; white space and newlines are legal, case is not significant.</summary>
    /// <exception cref="FormatException">The text is not a GTID set.</exception>
    public static GtidSet Parse(string text) => throw new NotImplementedException();

    /// <summary>Reads the binary form of PREVIOUS_GTIDS and COM_BINLOG_DUMP_GTID, plain or tagged.</summary>
    /// <exception cref="Errors.MySqlProtocolException">The bytes are not a GTID set.</exception>
    public static GtidSet ParseBinary(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();

    /// <summary>The binary form that COM_BINLOG_DUMP_GTID takes; tagged form only when a tag is present.</summary>
    public byte[] ToBinary() => throw new NotImplementedException();

    /// <summary>True when the GTID is in the set.</summary>
    public bool Contains(Gtid gtid) => throw new NotImplementedException();

    /// <summary>True when every GTID of the other set is in this one.</summary>
    public bool Contains(GtidSet other) => throw new NotImplementedException();

    /// <summary>This set and one GTID more. Cheap when the GTID extends an interval.</summary>
    public GtidSet With(Gtid gtid) => throw new NotImplementedException();

    /// <summary>Union of both sets.</summary>
    public GtidSet Union(GtidSet other) => throw new NotImplementedException();

    /// <summary>What is in this set and not in the other.</summary>
    public GtidSet Minus(GtidSet other) => throw new NotImplementedException();

    /// <summary>What is in both sets.</summary>
    public GtidSet Intersect(GtidSet other) => throw new NotImplementedException();

    /// <summary>The text form as the server writes it.</summary>
    public override string ToString() => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool Equals(GtidSet? other) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GtidSet);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
