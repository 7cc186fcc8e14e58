using System.Text;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>Names as users write them: <c>shop</c>, <c>shop.orders</c>; a part that has a dot or a backtick of its own stands in backticks, which are doubled inside.</summary>
internal static class TableReference
{
    /// <summary>Takes a name apart: one part or two.</summary>
    /// <exception cref="DtsMigrateException">TableNameInvalid.</exception>
    public static IReadOnlyList<string> Parse(string text, string parameter)
    {
        var parts = new List<string>();
        int at = 0;
        while (true)
        {
            parts.Add(Part(text, ref at, parameter));
            if (at == text.Length)
            {
                return parts.Count <= 2 ? parts : throw Invalid(text, parameter);
            }

            if (text[at++] != '.')
            {
                throw Invalid(text, parameter);
            }
        }
    }

    /// <summary>A part as <see cref="Parse"/> takes it, whatever characters it has.</summary>
    public static string Quote(string part) => "`" + part.Replace("`", "``", StringComparison.Ordinal) + "`";

    private static string Part(string text, ref int at, string parameter)
    {
        if (at < text.Length && text[at] == '`')
        {
            return Quoted(text, ref at, parameter);
        }

        int end = text.IndexOf('.', at);
        end = end < 0 ? text.Length : end;
        string part = text[at..end];
        at = end;
        return part.Length > 0 && !part.Contains('`', StringComparison.Ordinal) ? part : throw Invalid(text, parameter);
    }

    private static string Quoted(string text, ref int at, string parameter)
    {
        var part = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '`')
            {
                part.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '`')
            {
                part.Append('`');
                at++;
            }
            else
            {
                at++;
                return part.Length > 0 ? part.ToString() : throw Invalid(text, parameter);
            }
        }

        throw Invalid(text, parameter);
    }

    private static DtsMigrateException Invalid(string text, string parameter) => new("TableNameInvalid", $"-{parameter}: '{text}' is not a name.")
    {
        Target = text,
        RecommendedAction = "Give database or database.table; put a part that contains a dot in backticks: 'shop.`order.2024`'.",
    };
}
