namespace DtsMigrate.Engine.Tasks;

/// <summary>Whose rights views, routines, triggers and events have on the destination.</summary>
public enum DefinerMode
{
    /// <summary>The destination account becomes the definer; views and routines run with the rights of whoever calls them (SQL SECURITY INVOKER).</summary>
    Destination,

    /// <summary>Definer and SQL SECURITY stay; the accounts must exist on the destination, and its account may name them.</summary>
    Keep,
}
