using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Progress;

/// <summary>A log that hands its entries on to another, without secrets.</summary>
internal sealed class MaskedLog(IRunLog inner) : IRunLog
{
    private readonly SecretMask _mask = new();

    /// <summary>A secret of this run.</summary>
    public void Redact(Secret secret) => _mask.Add(secret);

    /// <inheritdoc/>
    public void Write(LogLevel level, string phase, string message) => inner.Write(level, phase, _mask.Apply(message));
}
