using System.Text;

namespace DtsMigrate.MySql.Session;

/// <summary>Quoting of names and strings for SQL text.</summary>
public static class SqlText
{
    /// <summary>A name in back-ticks, back-ticks inside doubled.</summary>
    public static string Name(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    /// <summary>A qualified name in back-ticks.</summary>
    public static string Name(string database, string name) => $"{Name(database)}.{Name(name)}";

    /// <summary>
    /// A string literal that means the same under every sql_mode (NO_BACKSLASH_ESCAPES included): plain quotes when harmless, else a utf8mb4 hex literal.
    /// </summary>
    public static string Literal(string value)
    {
        bool plain = value.All(static c => c is >= ' ' and < (char)127 and not '\'' and not '\\');
        return plain ? $"'{value}'" : $"_utf8mb4 0x{Convert.ToHexString(Encoding.UTF8.GetBytes(value))}";
    }
}
