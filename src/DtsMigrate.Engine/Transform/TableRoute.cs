using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Transform;

/// <summary>One selected table on its way: its number in the task, its definition on the source, its name on the destination.</summary>
/// <param name="Number">Number within the task, from 1; key of the task's rows in the destination's checkpoint tables.</param>
/// <param name="Definition">Tracked definition.</param>
/// <param name="Destination">Name on the destination.</param>
public sealed record TableRoute(int Number, TableDefinition Definition, QualifiedName Destination)
{
    /// <summary>Name on the source.</summary>
    public QualifiedName Source => Definition.Name;
}
