using System.Numerics;
using System.Text.Json;
using DtsMigrate.Engine.Replication.Ddl;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Which kinds of DML and DDL are selected: for the task, a database or a table. What is not said counts as where it is said next: table, database, task; and everything at last.</summary>
/// <param name="Dml">Row changes; null: not said here.</param>
/// <param name="Ddl">DDL statements; null: not said here.</param>
public readonly record struct OperationKinds(DmlKinds? Dml, DdlKinds? Ddl)
{
    /// <summary>Everything is selected.</summary>
    public static OperationKinds All { get; } = new(DmlKinds.All, DdlKinds.All);

    /// <summary>Something is said here.</summary>
    public bool IsGiven => Dml is not null || Ddl is not null;

    /// <summary>What counts below this place.</summary>
    /// <param name="nearer">What is said there.</param>
    public OperationKinds Below(OperationKinds nearer) => new(nearer.Dml ?? Dml, nearer.Ddl ?? Ddl);

    /// <summary>Statements of a kind are selected.</summary>
    public bool Has(DdlKind kind) => ((long)(Ddl ?? DdlKinds.All) & (1L << (int)kind)) != 0;

    internal static OperationKinds Read(JsonMembers members, DdlKinds legal) => new(
        members.Has("dml") ? members.Words("dml", [DmlKinds.Insert, DmlKinds.Update, DmlKinds.Delete], DmlKinds.All, static (all, one) => all | one) : null,
        members.Has("ddl") ? members.Words("ddl", [.. Single(legal)], DdlKinds.All, static (all, one) => all | one) : null);

    internal void Write(Utf8JsonWriter json)
    {
        if (Dml is { } dml)
        {
            Write(json, "dml", new[] { DmlKinds.Insert, DmlKinds.Update, DmlKinds.Delete }.Where(kind => dml.HasFlag(kind)).Select(kind => kind.ToString()));
        }

        if (Ddl is { } ddl)
        {
            Write(json, "ddl", Single(ddl).Select(kind => kind.ToString()));
        }
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> words)
    {
        json.WriteStartArray(name);
        foreach (string word in words)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
    }

    /// <summary>The kinds one by one.</summary>
    internal static IEnumerable<DdlKinds> Single(DdlKinds kinds) => Enum.GetValues<DdlKinds>().Where(kind => BitOperations.PopCount((ulong)kind) == 1 && kinds.HasFlag(kind));
}
