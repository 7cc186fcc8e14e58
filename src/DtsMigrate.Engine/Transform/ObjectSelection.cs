using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Transform;

/// <summary>Which objects of the source a task selects, and what they are called on the destination.</summary>
public sealed class ObjectSelection
{
    private readonly Dictionary<string, SelectedDatabase> _databases;

    /// <summary>Compiles the selection.</summary>
    /// <param name="task">The task.</param>
    /// <param name="ignoreCase">Database and table names of the source are compared without case (lower_case_table_names is not 0).</param>
    /// <exception cref="DtsMigrateException">Code <c>ObjectSelectedTwice</c>: two selected names are one object on this source.</exception>
    public ObjectSelection(MigrationTask task, bool ignoreCase)
        : this(task, NameCase.Exact with { IgnoresOnSource = ignoreCase })
    {
    }

    /// <summary>Compiles the selection between two servers.</summary>
    /// <param name="task">The task.</param>
    /// <param name="letters">Capital and small letters.</param>
    /// <exception cref="DtsMigrateException">As above.</exception>
    internal ObjectSelection(MigrationTask task, NameCase letters)
    {
        ArgumentNullException.ThrowIfNull(task);
        Letters = letters;
        Collations = task.Options.CollationMap;
        OnlineDdl = new OnlineDdlNames(task.Options.OnlineDdl, letters.IgnoresOnSource);
        NameComparer = letters.IgnoresOnSource ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        _databases = new Dictionary<string, SelectedDatabase>(NameComparer);
        foreach (var database in task.Objects)
        {
            var operations = OperationKinds.All.Below(task.Operations).Below(database.Operations);
            var tables = new Dictionary<string, SelectedTable>(NameComparer);
            foreach (var table in database.Tables)
            {
                Add(tables, table.Name, new SelectedTable(Given(table.Name, table.To), operations.Below(table.Operations)), $"{database.Name}.{table.Name}");
            }

            Add(_databases, database.Name, new SelectedDatabase(letters.OnDestination(database.Name, Given(database.Name, database.To)), database.All, operations, tables), database.Name);
        }
    }

    /// <summary>Capital and small letters.</summary>
    internal NameCase Letters { get; }

    /// <summary>Collations on the destination.</summary>
    internal CollationMap Collations { get; }

    /// <summary>Temporary tables of online DDL tools.</summary>
    internal OnlineDdlNames OnlineDdl { get; }

    /// <summary>How names of the source compare.</summary>
    public StringComparer NameComparer { get; }

    /// <summary>True when the table is selected, whether it exists yet or not. Where temporary tables of online DDL tools are left out, only those are selected that have an entry of their own.</summary>
    public bool Selects(QualifiedName table) =>
        _databases.TryGetValue(table.Database, out var database) && (database.Tables.ContainsKey(table.Name) || (database.All && !OnlineDdl.IsTemporary(table.Name)));

    /// <summary>A temporary table of an online DDL tool in a database of which some is selected, which the task leaves out.</summary>
    internal bool IsTemporary(QualifiedName table) =>
        OnlineDdl.Adapts && _databases.TryGetValue(table.Database, out var database) && !database.Tables.ContainsKey(table.Name) && OnlineDdl.IsTemporary(table.Name);

    /// <summary>Name on the destination of what a statement or a body refers to: a view may be named like a temporary table, which has its place in the same database.</summary>
    internal QualifiedName MapReference(QualifiedName name) => Selects(name)
        ? Map(name)
        : SelectsWholeDatabase(name.Database) ? new QualifiedName(_databases[name.Database].To, Letters.OnDestination(name.Name, null)) : name;

    /// <summary>Such a table that gets rows and takes another one's name in the end.</summary>
    internal bool IsShadow(QualifiedName table) => IsTemporary(table) && OnlineDdl.IsShadow(table.Name);

    /// <summary>True when some of the database is selected.</summary>
    public bool SelectsDatabase(string database) => _databases.ContainsKey(database);

    /// <summary>Names of the selected databases.</summary>
    internal IEnumerable<string> Databases => _databases.Keys;

    /// <summary>True when the database is selected wholly.</summary>
    public bool SelectsWholeDatabase(string database) => _databases.TryGetValue(database, out var selected) && selected.All;

    /// <summary>Name on the destination of a selected table.</summary>
    /// <exception cref="ArgumentException">The table is not selected.</exception>
    public QualifiedName Map(QualifiedName table)
    {
        if (!Selects(table))
        {
            throw new ArgumentException($"{table} is not selected.", nameof(table));
        }

        var database = _databases[table.Database];
        return new QualifiedName(database.To, Letters.OnDestination(table.Name, database.Tables.GetValueOrDefault(table.Name)?.To));
    }

    /// <summary>Name on the destination of a database of which some is selected.</summary>
    /// <exception cref="ArgumentException">Nothing of the database is selected.</exception>
    public string MapDatabase(string database) =>
        _databases.TryGetValue(database, out var selected) ? selected.To : throw new ArgumentException($"{database} is not selected.", nameof(database));

    /// <summary>Kinds of DML and DDL selected for a table: what is said for it, else for its database, else for the task.</summary>
    public OperationKinds OperationsOf(QualifiedName table) =>
        _databases.TryGetValue(table.Database, out var database)
            ? database.Tables.TryGetValue(table.Name, out var selected) ? selected.Operations : database.Operations
            : OperationKinds.All;

    /// <summary>Kinds selected for what belongs to a database and is no table.</summary>
    public OperationKinds OperationsOf(string database) => _databases.TryGetValue(database, out var selected) ? selected.Operations : OperationKinds.All;

    /// <summary>Name of a table as the source keeps it, whatever a statement says.</summary>
    internal QualifiedName OnSource(QualifiedName name) => Letters.SourceIsLower ? new QualifiedName(Letters.OnSource(name.Database), Letters.OnSource(name.Name)) : name;

    private static string? Given(string name, string to) => to == name ? null : to;

    private static void Add<T>(Dictionary<string, T> map, string name, T value, string shown)
    {
        if (!map.TryAdd(name, value))
        {
            throw new DtsMigrateException("ObjectSelectedTwice", $"The task selects {shown} twice; the source compares names {(map.Comparer == StringComparer.Ordinal ? "with" : "without")} case.")
            {
                Target = shown,
                RecommendedAction = "Keep one of the two entries under objects.",
            };
        }
    }

    private sealed record SelectedDatabase(string To, bool All, OperationKinds Operations, IReadOnlyDictionary<string, SelectedTable> Tables);

    private sealed record SelectedTable(string? To, OperationKinds Operations);
}
