namespace DtsMigrate.MySql.Session;

/// <summary>A password that does not show itself: not in <see cref="ToString"/>, not in a debugger view, not in JSON.</summary>
public sealed class Secret
{
    private readonly string _value;

    private Secret(string value) => _value = value;

    /// <summary>The empty password, which MySQL allows.</summary>
    public static Secret Empty { get; } = new(string.Empty);

    /// <summary>Wraps a password.</summary>
    public static Secret From(string value) => value.Length == 0 ? Empty : new Secret(value);

    /// <summary>The password itself. Call only where it is put on the wire.</summary>
    public string Reveal() => _value;

    /// <inheritdoc/>
    public override string ToString() => "******";
}
