using System.Globalization;

namespace DtsMigrate.MySql.Binlog;

/// <summary>A place in the binary log of one server. Files compare by the number after the last dot, not as text.</summary>
/// <param name="File">File name, for example <c>binlog.000012</c>.</param>
/// <param name="Offset">Offset in bytes.</param>
public readonly record struct BinlogCoordinate(string File, ulong Offset) : IComparable<BinlogCoordinate>
{
    /// <inheritdoc/>
    public int CompareTo(BinlogCoordinate other) =>
        (FileNumber(File), Offset).CompareTo((FileNumber(other.File), other.Offset));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Offset}");

    /// <summary>Number of a binlog file; 0 when the name has none.</summary>
    public static ulong FileNumber(string file) =>
        ulong.TryParse(file.AsSpan(file.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : 0;

    /// <summary>Earlier than.</summary>
    public static bool operator <(BinlogCoordinate left, BinlogCoordinate right) => left.CompareTo(right) < 0;

    /// <summary>Earlier than or the same.</summary>
    public static bool operator <=(BinlogCoordinate left, BinlogCoordinate right) => left.CompareTo(right) <= 0;

    /// <summary>Later than.</summary>
    public static bool operator >(BinlogCoordinate left, BinlogCoordinate right) => left.CompareTo(right) > 0;

    /// <summary>Later than or the same.</summary>
    public static bool operator >=(BinlogCoordinate left, BinlogCoordinate right) => left.CompareTo(right) >= 0;
}
