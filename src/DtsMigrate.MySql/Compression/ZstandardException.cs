using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Compression;

/// <summary>
/// Zstandard data that cannot be decompressed. Codes: ZstandardMalformed, ZstandardWindowTooLarge, ZstandardDictionaryMissing. Never transient: the same
/// bytes fail again.
/// </summary>
public sealed class ZstandardException : DtsMigrateException
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">Stable code.</param>
    /// <param name="message">What was expected and what was found.</param>
    public ZstandardException(string code, string message)
        : base(code, message)
    {
    }

    internal static ZstandardException Malformed(string what) => new("ZstandardMalformed", $"Malformed Zstandard data: {what}.");

    internal static ZstandardException CutOff() => Malformed("a block ends before what it holds does");
}
