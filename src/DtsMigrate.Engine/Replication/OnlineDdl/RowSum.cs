using System.Globalization;

namespace DtsMigrate.Engine.Replication.OnlineDdl;

/// <summary>
/// A table's rows as one number: their count, and the sum of their hashes (128 bits of SHA-256 each), modulo 2^128.
/// The same for the same rows in any order; a row that goes is subtracted.
/// </summary>
/// <param name="Rows">Count.</param>
/// <param name="Hash">Sum.</param>
internal readonly record struct RowSum(long Rows, UInt128 Hash)
{
    /// <summary>With one row more.</summary>
    public RowSum Plus(UInt128 row) => new(Rows + 1, unchecked(Hash + row));

    /// <summary>With one row less.</summary>
    public RowSum Minus(UInt128 row) => new(Rows - 1, unchecked(Hash - row));

    /// <summary>The sum in 32 hexadecimal digits.</summary>
    public string HashText => Hash.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="HashText"/> wrote.</summary>
    public static UInt128 ParseHash(string text) => UInt128.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
