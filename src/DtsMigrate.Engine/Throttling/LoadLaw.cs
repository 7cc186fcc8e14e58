namespace DtsMigrate.Engine.Throttling;

/// <summary>How many chunks may be under way, from how near a sign of load is to its limit. Grows slowly, shrinks fast, and keeps still in between.</summary>
internal static class LoadLaw
{
    /// <summary>Below this share of the limit another chunk may be added.</summary>
    private const double Low = 0.4;

    /// <summary>From this share on one chunk is given up.</summary>
    private const double High = 0.7;

    /// <summary>The next number. At the limit it is halved, down to none; below it the last chunk is kept.</summary>
    /// <param name="allowed">The number now.</param>
    /// <param name="most">The number without load.</param>
    /// <param name="use">Value over limit of the sign that is nearest to its limit.</param>
    public static int Next(int allowed, int most, double use) => use switch
    {
        >= 1 => allowed / 2,
        >= High => allowed > 1 ? allowed - 1 : allowed,
        >= Low => Math.Max(allowed, 1),
        _ => Math.Min(allowed + 1, most),
    };
}
