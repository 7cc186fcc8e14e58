using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>Puts kinds of DML or DDL of single databases and tables into the <c>objects</c> member of a task definition; the words are judged by the definition's reader.</summary>
internal static class OperationArguments
{
    /// <summary>Puts them in.</summary>
    /// <param name="definition">A definition with its objects.</param>
    /// <param name="member"><c>dml</c> or <c>ddl</c>.</param>
    /// <param name="parameter">Name of the parameter.</param>
    /// <param name="kinds">Kinds by database or <c>database.table</c>; null takes them away.</param>
    /// <exception cref="DtsMigrateException">OperationInvalid, TableNameInvalid.</exception>
    public static void Apply(JsonObject definition, string member, string parameter, IDictionary? kinds)
    {
        foreach (DictionaryEntry entry in kinds ?? new Hashtable())
        {
            string name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            IReadOnlyList<string> parts = TableReference.Parse(name, parameter);
            JsonObject target = Find(definition, parts) ?? throw new DtsMigrateException("OperationInvalid", $"-{parameter}: '{name}' is not selected.")
            {
                Target = name,
                RecommendedAction = "Correct the name, or select the object by -Database or -Table.",
            };
            target[member] = entry.Value is null ? null : Words(entry.Value);
        }
    }

    private static JsonObject? Find(JsonObject definition, IReadOnlyList<string> parts)
    {
        if (definition["objects"]?[parts[0]] is not JsonObject database || parts.Count == 1)
        {
            return definition["objects"]?[parts[0]] as JsonObject;
        }

        // Of a whole database every table is selected, also one that is not listed.
        return database["tables"]?[parts[1]] as JsonObject
            ?? ((bool?)database["all"] == true ? DefinitionOverlay.Child(DefinitionOverlay.Child(database, "tables"), parts[1]) : null);
    }

    private static JsonArray Words(object value) =>
        [.. LanguagePrimitives.ConvertTo<string[]>(value is PSObject wrapped ? wrapped.BaseObject : value).Select(static word => (JsonNode)JsonValue.Create(word))];
}
