namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>Finds out whether a JSON value has the same value and type after its text is parsed again.</summary>
internal static class JsonTypeScanner
{
    /// <summary>
    /// True when parsing the text would change something: DECIMAL becomes DOUBLE, temporal and binary values become STRING, a small UNSIGNED
    /// INTEGER becomes INTEGER; and servers before 9.x misround some numbers of more than 15 digits.
    /// </summary>
    public static bool NeedsExpression(byte type, ReadOnlySpan<byte> bytes, bool inlined, int depth, ref long budget)
    {
        switch (type)
        {
            case JsonType.UInt16 or JsonType.UInt32 or JsonType.UInt64:
                JsonTextWriter.Spend(inlined ? 0 : JsonScalar.Length(type), ref budget);
                return JsonScalar.Unsigned(type, bytes) <= long.MaxValue;
            case JsonType.Double:
                JsonTextWriter.Spend(JsonScalar.Length(type), ref budget);
                return !ParsesExactlyEverywhere(JsonScalar.Double(bytes));
            case JsonType.Opaque:
                JsonScalar.Opaque(bytes, out _, out int length);
                JsonTextWriter.Spend(length, ref budget);
                return true;
            case JsonType.String:
                JsonScalar.String(bytes, out int consumed);
                JsonTextWriter.Spend(consumed, ref budget);
                return false;
            case <= JsonType.LargeArray:
                return AnyNeedsExpression(type, bytes, depth, ref budget);
            default:
                JsonTextWriter.Spend(inlined ? 0 : JsonScalar.Length(type), ref budget);
                return false;
        }
    }

    private static bool AnyNeedsExpression(byte type, ReadOnlySpan<byte> bytes, int depth, ref long budget)
    {
        JsonTextWriter.CheckDepth(depth);
        JsonContainer container = new(type, bytes);
        JsonTextWriter.Spend(container.HeaderLength, ref budget);
        for (int i = 0; i < container.Count; i++)
        {
            byte valueType = container.Value(i, out ReadOnlySpan<byte> value, out bool inlined);
            if (NeedsExpression(valueType, value, inlined, depth + 1, ref budget))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// A number of at most 15 digits times or by a power of ten up to 10^22: both are exact as DOUBLE, so one operation rounds once, in
    /// any parser.
    /// </summary>
    private static bool ParsesExactlyEverywhere(double value)
    {
        const double SafeInteger = 1e15;
        if (value == 0)
        {
            return true;
        }

        if (Math.Abs(value) >= SafeInteger || Math.Abs(value) < 1e-7)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> digits = text[..length].TrimStart("-0."u8);
        return digits.IndexOf((byte)'E') < 0 && digits.Length - (digits.Contains((byte)'.') ? 1 : 0) <= 15;
    }
}
