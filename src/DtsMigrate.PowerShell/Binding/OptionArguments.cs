using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>Turns <c>-Option</c> into the <c>options</c> member of a task definition; names, values and ranges are judged by the definition's reader.</summary>
internal static class OptionArguments
{
    /// <summary>Builds the member. Names are taken in any case that matches no better: <c>CopyThreads</c> is <c>copyThreads</c>.</summary>
    /// <exception cref="DtsMigrateException">OptionInvalid: a value of a kind that no option has.</exception>
    public static JsonObject Build(IDictionary options)
    {
        var member = new JsonObject();
        foreach (DictionaryEntry entry in options)
        {
            string name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            string key = name.Length > 0 ? char.ToLowerInvariant(name[0]) + name[1..] : name;
            member[key] = Value(name, entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value);
        }

        return member;
    }

    private static JsonNode? Value(string name, object? value) => value switch
    {
        null => null,
        IDictionary members => Build(members),
        object[] list => new JsonArray([.. list.Select(item => Value(name, item is PSObject wrapped ? wrapped.BaseObject : item))]),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        SwitchParameter flag => JsonValue.Create(flag.ToBool()),
        sbyte or byte or short or ushort or int or uint or long => JsonValue.Create(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
        float or double => JsonValue.Create(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw new DtsMigrateException("OptionInvalid", $"-Option: {name} is a {value.GetType().Name}.")
        {
            Target = name,
            RecommendedAction = "Give a number, a text, $true, $false, a list of texts, or a hashtable of these.",
        },
    };
}
