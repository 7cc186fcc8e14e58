namespace DtsMigrate.Engine.Tasks;

/// <summary>When triggers are created.</summary>
public enum TriggerMethod
{
    /// <summary>At the end: once the rows are there and no more changes are applied.</summary>
    Manual,

    /// <summary>With the tables, guarded so that they do not fire for the migration's own writes; the guard is taken off at the end.</summary>
    Automatic,
}
