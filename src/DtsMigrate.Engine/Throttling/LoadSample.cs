using System.Globalization;

namespace DtsMigrate.Engine.Throttling;

/// <summary>One sign of load as it was last seen.</summary>
/// <param name="Name">In words, for example <c>Threads_running of the source</c>.</param>
/// <param name="Value">Value.</param>
/// <param name="Limit">Its limit; more than 0.</param>
internal readonly record struct LoadSample(string Name, double Value, double Limit)
{
    /// <summary>Value over limit.</summary>
    public double Use => Value / Limit;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} is {Value:0.#}, the limit {Limit:0.#}");
}
