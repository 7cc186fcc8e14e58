using System.Text.Json;

namespace DtsMigrate.Engine.Tasks;

/// <summary>The members of one JSON object, read strictly: unknown, duplicate, missing and ill-typed ones become faults.</summary>
internal sealed class JsonMembers
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly DefinitionFaults _faults;
    private readonly bool _hideValues;

    /// <summary>Reads the object's members.</summary>
    /// <param name="element">The object.</param>
    /// <param name="path">Its path.</param>
    /// <param name="known">Legal names; null when any name is legal (names of databases and tables).</param>
    /// <param name="faults">Takes the faults.</param>
    /// <param name="hideValues">Values may be secrets and are not shown.</param>
    public JsonMembers(JsonElement element, string path, string[]? known, DefinitionFaults faults, bool hideValues = false)
    {
        Path = path;
        _faults = faults;
        _hideValues = hideValues;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (known is not null && Array.IndexOf(known, member.Name) < 0)
            {
                RefuseName(member.Name, known);
            }
            else if (!_members.TryAdd(member.Name, member.Value))
            {
                faults.Add(PathOf(member.Name), null, "The member stands twice.", "Keep one of them.");
            }
        }
    }

    /// <summary>Path of the object.</summary>
    public string Path { get; }

    /// <summary>Names in the order of the text.</summary>
    public IEnumerable<string> Names => _members.Keys;

    /// <summary>Path of a member.</summary>
    public string PathOf(string name) => DefinitionFaults.Child(Path, name);

    /// <summary>True when the member is there and not null.</summary>
    public bool Has(string name) => _members.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The member as it is; default when it is missing or null.</summary>
    public JsonElement Raw(string name) => Has(name) ? _members[name] : default;

    /// <summary>Reports a required member that is missing.</summary>
    public void Require(string name, string remedy)
    {
        if (!Has(name))
        {
            _faults.Add(PathOf(name), null, "The member is missing.", remedy);
        }
    }

    /// <summary>A text; null when missing or faulty.</summary>
    public string? Text(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        if (_members[name].ValueKind != JsonValueKind.String)
        {
            Mistyped(name, "a text", "Write it in double quotes.");
            return null;
        }

        return _members[name].GetString();
    }

    /// <summary>True or false; the default when missing or faulty.</summary>
    public bool Flag(string name, bool fallback)
    {
        if (!Has(name))
        {
            return fallback;
        }

        if (_members[name].ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return _members[name].GetBoolean();
        }

        Mistyped(name, "true or false", "Write true or false without quotes.");
        return fallback;
    }

    /// <summary>A whole number within its range; the default when missing or faulty.</summary>
    public long Number(TaskOptionRange range, long fallback)
    {
        string name = range.Member;
        if (!Has(name))
        {
            return fallback;
        }

        JsonElement value = _members[name];
        if (value.ValueKind != JsonValueKind.Number || value.GetRawText().AsSpan().IndexOfAny(".eE") >= 0)
        {
            Mistyped(name, "a whole number", "Write a whole number without quotes.");
            return fallback;
        }

        if (!value.TryGetInt64(out long number) || !range.Contains(number))
        {
            _faults.OutOfRange(PathOf(name), DefinitionFaults.Show(value), range);
            return fallback;
        }

        return number;
    }

    /// <summary>A word of an enumeration; the default when missing or faulty.</summary>
    public T Word<T>(string name, T fallback)
        where T : struct, Enum
    {
        if (!Has(name))
        {
            return fallback;
        }

        return Text(name) is { } text ? Word(text, PathOf(name), Enum.GetValues<T>(), _faults, fallback) : fallback;
    }

    /// <summary>Reads a word of an enumeration.</summary>
    public static T Word<T>(string text, string path, IReadOnlyList<T> legal, DefinitionFaults faults, T fallback)
        where T : struct, Enum
    {
        foreach (T value in legal)
        {
            if (value.ToString() == text)
            {
                return value;
            }
        }

        string[] words = legal.Select(value => value.ToString()).ToArray();
        faults.Add(path, DefinitionFaults.Show(text), "The value is not known.", $"{Suggest(text, words)}Use one of: {string.Join(", ", words)}.");
        return fallback;
    }

    /// <summary>A list of words, each at most once; the default when it is missing or no list.</summary>
    /// <param name="name">Member.</param>
    /// <param name="legal">Words.</param>
    /// <param name="fallback">Default.</param>
    /// <param name="join">Joins the words so far with one more.</param>
    public T Words<T>(string name, T[] legal, T fallback, Func<T, T, T> join)
        where T : struct, Enum
    {
        if (!Has(name))
        {
            return fallback;
        }

        string path = PathOf(name);
        JsonElement list = Raw(name);
        if (list.ValueKind != JsonValueKind.Array)
        {
            _faults.Add(path, DefinitionFaults.Show(list), "The value must be a list.", $"Write it like [{string.Join(", ", legal.Take(3).Select(word => $"\"{word}\""))}].");
            return fallback;
        }

        T words = default;
        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string at = DefinitionFaults.Child(path, index++);
            if (item.ValueKind != JsonValueKind.String)
            {
                _faults.Add(at, DefinitionFaults.Show(item), "The value must be a text.", $"Use one of: {string.Join(", ", legal)}.");
                continue;
            }

            T word = Word(item.GetString()!, at, legal, _faults, default(T));
            if (!word.Equals(default(T)) && words.HasFlag(word))
            {
                _faults.Add(at, DefinitionFaults.Show(item), "The word stands twice.", "Keep one of them.");
            }

            words = join(words, word);
        }

        return words;
    }

    /// <summary>The members of an object; null when missing or faulty.</summary>
    public JsonMembers? Object(string name, string[]? known, string example, bool hideValues = false)
    {
        if (!Has(name))
        {
            return null;
        }

        if (_members[name].ValueKind != JsonValueKind.Object)
        {
            Mistyped(name, "an object", $"Write it like {example}.");
            return null;
        }

        return new JsonMembers(_members[name], PathOf(name), known, _faults, hideValues || _hideValues);
    }

    private static string Suggest(string found, IReadOnlyList<string> known) => NearestName.Of(found, known) is { } nearest ? $"Did you mean '{nearest}'? " : string.Empty;

    private void Mistyped(string name, string expected, string remedy) =>
        _faults.Add(PathOf(name), _hideValues ? null : DefinitionFaults.Show(_members[name]), $"The value must be {expected}.", remedy);

    // The value of an unknown member is not shown: it may be a password under a mistyped name.
    private void RefuseName(string name, string[] known)
    {
        if (TaskMembers.NotSupported.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            _faults.Add(PathOf(name), null, $"'{name}' is not supported in this version.", "Remove the member: it is refused because it would have no effect.");
        }
        else
        {
            _faults.Add(PathOf(name), null, "The member is not known.", $"{Suggest(name, known)}Known here: {string.Join(", ", known)}.");
        }
    }
}
