using System.Globalization;

namespace DtsMigrate.MySql.Binlog.Gtids;

/// <summary>One global transaction id.</summary>
/// <param name="Origin">Server UUID and tag.</param>
/// <param name="Number">Transaction number, 1 .. 2^63-2.</param>
public readonly record struct Gtid(GtidTag Origin, long Number)
{
    /// <summary>Largest transaction number, 2^63 - 2.</summary>
    public const long MaximumNumber = long.MaxValue - 1;

    /// <inheritdoc/>
    public override string ToString() => Origin.Tag.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Origin.Uuid:D}:{Number}")
        : string.Create(CultureInfo.InvariantCulture, $"{Origin.Uuid:D}:{Origin.Tag}:{Number}");
}
