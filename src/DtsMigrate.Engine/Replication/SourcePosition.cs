using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// How far the source's history is covered: a GTID set, or for sources without GTID a coordinate of one server's binary log.
/// Text form: <c>gtid:SET</c> or <c>file:NAME:OFFSET</c>.
/// </summary>
public sealed record SourcePosition
{
    private SourcePosition(GtidSet? gtids, BinlogCoordinate? coordinate)
    {
        Gtids = gtids;
        Coordinate = coordinate;
    }

    /// <summary>The executed set; null without GTID.</summary>
    public GtidSet? Gtids { get; }

    /// <summary>The coordinate; null with GTID.</summary>
    public BinlogCoordinate? Coordinate { get; }

    /// <summary>A position by GTID set.</summary>
    public static SourcePosition Of(GtidSet gtids) => new(gtids, null);

    /// <summary>A position by coordinate.</summary>
    public static SourcePosition Of(BinlogCoordinate coordinate) => new(null, coordinate);

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">Not a position.</exception>
    public static SourcePosition Parse(string text)
    {
        if (text.StartsWith("gtid:", StringComparison.Ordinal))
        {
            return Of(GtidSet.Parse(text[5..]));
        }

        int colon = text.LastIndexOf(':');
        if (text.StartsWith("file:", StringComparison.Ordinal) && colon > 5 && ulong.TryParse(text.AsSpan(colon + 1), out ulong offset))
        {
            return Of(new BinlogCoordinate(text[5..colon], offset));
        }

        throw new FormatException($"'{text}' is not a source position.");
    }

    /// <summary>True when the transaction is at or before this position.</summary>
    /// <param name="gtid">Its GTID; null without GTID.</param>
    /// <param name="end">Where it ends in the binary log.</param>
    public bool Covers(Gtid? gtid, BinlogCoordinate end) =>
        Gtids is not null ? gtid is { } g && Gtids.Contains(g) : end <= Coordinate;

    /// <summary>True when everything at or before the other position is at or before this one.</summary>
    public bool Covers(SourcePosition other) =>
        Gtids is not null ? other.Gtids is not null && Gtids.Contains(other.Gtids) : other.Coordinate <= Coordinate;

    /// <summary>This position and one transaction more.</summary>
    public SourcePosition With(Gtid? gtid, BinlogCoordinate end) =>
        Gtids is null ? Of(end) : gtid is { } g ? Of(Gtids.With(g)) : this;

    /// <inheritdoc/>
    public override string ToString() => Gtids is not null ? $"gtid:{Gtids}" : $"file:{Coordinate}";
}
