using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Generated;

/// <summary>
/// Finds the generated values of a table that depend on more than its columns. It reads names and key words alone, so in doubt about a TIMESTAMP column a value is said to depend: what is
/// not found here would be another value on the destination without a word. The README of the folder Schema says what is known not to be found.
/// </summary>
internal sealed class GeneratedValueFinder
{
    // Of a TIME these take the time of day, or nothing but its text.
    private static readonly string[] TimeFunctions =
        ["concat", "concat_ws", "timestamp", "addtime", "subtime", "timediff", "time_to_sec", "time_format", "hour", "minute", "second", "microsecond", "length", "char_length", "isnull"];

    // Words that make a date of a value, or take it for one.
    private static readonly string[] DateWords =
    [
        "date", "datetime", "timestampdiff", "to_days", "to_seconds", "dayofyear", "dayofmonth", "dayofweek", "dayname", "monthname", "month", "year", "quarter", "week", "weekday", "yearweek",
        "last_day", "datediff", "date_format", "convert_tz", "period_diff",
    ];

    private readonly SqlTokens _tokens;
    private readonly Dictionary<string, Column> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SessionInputs> _known = new(StringComparer.OrdinalIgnoreCase);

    private GeneratedValueFinder(CreateTableStatement table)
    {
        _tokens = table.Tokens;
        foreach (var column in table.Elements.Where(e => e.Column is not null))
        {
            _columns[column.Column!] = ReadColumn(column);
        }
    }

    /// <summary>The values of a table that depend on more than its columns, in the order of SHOW CREATE TABLE.</summary>
    public static IReadOnlyList<GeneratedValue> Find(CreateTableStatement table) => [.. new GeneratedValueFinder(table).FindAll(table).Where(v => v.Inputs != SessionInputs.None)];

    private IEnumerable<GeneratedValue> FindAll(CreateTableStatement table)
    {
        // Partitions are chosen by it, too.
        var kept = Names(table.TailStart, _tokens.Count).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var indexes = table.ReadIndexes();
        kept.UnionWith(indexes.SelectMany(i => Names(i.Element.First, i.Element.End)));
        foreach (var (name, column) in _columns.Where(c => c.Value.Open > 0 && (c.Value.IsStored || kept.Contains(c.Key))))
        {
            yield return new GeneratedValue(SqlText.Name(name), name, column.IsStored, Text(column.Open), OfColumn(name, column));
        }

        foreach (var index in indexes)
        {
            foreach (int part in ExpressionParts(index.Element))
            {
                yield return new GeneratedValue(SqlText.Name(index.Name), null, false, Text(part), Of(part, null));
            }
        }
    }

    private Column ReadColumn(CreateTableElement element)
    {
        string type = _tokens.Name(element.First + 1).ToLowerInvariant();
        for (int i = element.First + 2; i < element.End; i++)
        {
            if (_tokens.IsSymbol(i, '('))
            {
                // Of the type, or of an expression as default.
                i = _tokens.Closing(i);
            }
            else if (_tokens.IsWord(i, "GENERATED") && _tokens.IsWord(i + 2, "AS"))
            {
                int close = _tokens.Closing(i + 3);
                return new Column(type, i + 3, _tokens.IsWord(close + 1, "STORED"));
            }
        }

        return new Column(type, 0, false);
    }

    private IEnumerable<int> ExpressionParts(CreateTableElement index)
    {
        int list = index.First;
        while (list < index.End && !_tokens.IsSymbol(list, '('))
        {
            list++;
        }

        for (int i = list + 1; i < index.End; i++)
        {
            if (_tokens.IsSymbol(i, '('))
            {
                // Behind a column it is the length of a prefix.
                if (!_tokens.IsName(i - 1))
                {
                    yield return i;
                }

                i = _tokens.Closing(i);
            }
        }
    }

    private SessionInputs OfColumn(string name, Column column)
    {
        if (!_known.TryGetValue(name, out var inputs))
        {
            // A column cannot refer to itself; the server would not have made such a table.
            _known[name] = SessionInputs.None;
            _known[name] = inputs = Of(column.Open, column.Type);
        }

        return inputs;
    }

    private SessionInputs Of(int open, string? type)
    {
        int close = _tokens.Closing(open);
        var inputs = SessionInputs.None;
        bool hasDate = type is "date" or "datetime" or "timestamp" or "year";
        bool hasTime = false;
        for (int i = open + 1; i < close; i++)
        {
            if (_tokens.Is(i, SqlTokenKind.QuotedName) && _columns.TryGetValue(_tokens.Name(i), out var column))
            {
                inputs |= column.Open > 0 ? OfColumn(_tokens.Name(i), column) : SessionInputs.None;
                inputs |= column.Type == "timestamp" && !IsWithoutZone(open, i, type) ? SessionInputs.TimeZone : SessionInputs.None;
                hasDate |= column.Type is "date" or "datetime" or "timestamp";
                hasTime |= column.Type == "time" && !IsTimeOfDay(open, i) && !(type == "time" && IsAlone(open, i));
            }
            else
            {
                inputs |= OfToken(i);
                hasDate |= _tokens.IsAnyWord(i, DateWords);
            }
        }

        bool isLocal = type == "timestamp" && !(IsAlone(open, open + 1) && TypeAt(open + 1) == "timestamp");
        return inputs | (isLocal ? SessionInputs.TimeZone : SessionInputs.None) | (hasTime && hasDate ? SessionInputs.CurrentDate : SessionInputs.None);
    }

    private SessionInputs OfToken(int at) =>
        _tokens.IsWord(at, "from_unixtime") || (_tokens.Is(at, SqlTokenKind.Text) && _tokens.Span(at).Equals("'SYSTEM'", StringComparison.OrdinalIgnoreCase)) ? SessionInputs.TimeZone
        : _tokens.IsAnyWord(at, "date_format", "dayname", "monthname", "str_to_date") ? SessionInputs.LocaleNames
        : _tokens.IsSymbol(at, '/') ? SessionInputs.DivisionPrecision
        : _tokens.IsAnyWord(at, "aes_encrypt", "aes_decrypt") ? SessionInputs.EncryptionMode
        : SessionInputs.None;

    // A TIMESTAMP that is taken as it is, told its zone, or only asked whether it is NULL.
    private bool IsWithoutZone(int open, int at, string? type) =>
        (IsAlone(open, at) && type is null or "timestamp")
        || (_tokens.IsWord(at + 1, "AT") && _tokens.IsWord(at + 2, "TIME") && _tokens.IsWord(at + 3, "ZONE"))
        || (_tokens.IsWord(at + 1, "is") && (_tokens.IsWord(at + 2, "null") || (_tokens.IsWord(at + 2, "not") && _tokens.IsWord(at + 3, "null"))))
        || (_tokens.IsWord(at - 2, "isnull") && _tokens.IsSymbol(at + 1, ')'));

    // The call right around it.
    private bool IsTimeOfDay(int open, int at)
    {
        int depth = 0;
        for (int i = at - 1; i > open; i--)
        {
            depth += _tokens.IsSymbol(i, ')') ? 1 : _tokens.IsSymbol(i, '(') ? -1 : 0;
            if (depth < 0)
            {
                bool asText = _tokens.IsWord(i - 1, "cast") && _tokens.IsWord(at + 1, "as") && _tokens.IsAnyWord(at + 2, "char", "time");
                return asText || _tokens.IsAnyWord(i - 1, TimeFunctions);
            }
        }

        return false;
    }

    private bool IsAlone(int open, int at) => at == open + 1 && _tokens.IsSymbol(at + 1, ')');

    private string? TypeAt(int at) => _tokens.Is(at, SqlTokenKind.QuotedName) ? _columns.GetValueOrDefault(_tokens.Name(at))?.Type : null;

    private IEnumerable<string> Names(int first, int end) => Enumerable.Range(first, end - first).Where(i => _tokens.Is(i, SqlTokenKind.QuotedName)).Select(_tokens.Name);

    private string Text(int open) => _tokens.Sql[_tokens[open].Start.._tokens[_tokens.Closing(open)].End];

    /// <summary>A column.</summary>
    /// <param name="Type">First word of its type.</param>
    /// <param name="Open">Opening parenthesis of its expression; 0 when it is written.</param>
    /// <param name="IsStored">The row holds what is computed.</param>
    private sealed record Column(string Type, int Open, bool IsStored);
}
