namespace DtsMigrate.Engine.Schema.Generated;

/// <summary>What besides the row's columns goes into a generated value: the migration's sessions have it otherwise than those that wrote on the source.</summary>
[Flags]
internal enum SessionInputs
{
    /// <summary>Nothing: equal columns give an equal value.</summary>
    None = 0,

    /// <summary>The session's time_zone: TIMESTAMP becomes local time and back (Reference Manual, "MySQL Server Time Zone Support").</summary>
    TimeZone = 1,

    /// <summary>The day of the statement: TIME becomes DATETIME with it (Reference Manual, "Conversion Between Date and Time Types").</summary>
    CurrentDate = 2,

    /// <summary>lc_time_names: names of days and months.</summary>
    LocaleNames = 4,

    /// <summary>div_precision_increment: digits of a quotient.</summary>
    DivisionPrecision = 8,

    /// <summary>block_encryption_mode: AES_ENCRYPT and AES_DECRYPT.</summary>
    EncryptionMode = 16,
}
