using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Transform;

/// <summary>Which objects of the source a task selects, and what they are called on the destination.</summary>
public sealed class ObjectSelection
{
    /// <summary>Compiles the selection.</summary>
    /// <param name="task">The task.</param>
    /// <param name="ignoreCase">Database and table names of the source are compared without case (lower_case_table_names is not 0).</param>
    public ObjectSelection(MigrationTask task, bool ignoreCase) => throw new NotImplementedException(task?.Name + ignoreCase);

    /// <summary>True when the table is selected, whether it exists yet or not.</summary>
    public bool Selects(QualifiedName table) => throw new NotImplementedException();

    /// <summary>True when some of the database is selected.</summary>
    public bool SelectsDatabase(string database) => throw new NotImplementedException();

    /// <summary>True when the database is selected wholly.</summary>
    public bool SelectsWholeDatabase(string database) => throw new NotImplementedException();

    /// <summary>Name on the destination of a selected table.</summary>
    public QualifiedName Map(QualifiedName table) => throw new NotImplementedException();
}
