using System.Collections.Immutable;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Progress;

/// <summary>Puts stars in place of the secrets of a run. Nothing writes secrets in the first place: this is the last net. Thread safe.</summary>
internal sealed class SecretMask
{
    // Shorter secrets would tear ordinary words apart.
    private const int ShortestSecret = 4;

    private ImmutableArray<string> _secrets = [];

    /// <summary>A secret of this run.</summary>
    public void Add(Secret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Reveal() is { Length: >= ShortestSecret } value)
        {
            ImmutableInterlocked.Update(ref _secrets, static (all, added) => all.Add(added), value);
        }
    }

    /// <summary>The text without secrets.</summary>
    public string Apply(string text) => _secrets.Aggregate(text, static (current, secret) => current.Replace(secret, "******", StringComparison.Ordinal));
}
