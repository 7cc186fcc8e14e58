using System.Text;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>A foreign key as SHOW CREATE TABLE prints it.</summary>
/// <param name="Name">Constraint name.</param>
/// <param name="Columns">Columns of the child, in order.</param>
/// <param name="Parent">Parent table on the same server.</param>
/// <param name="ParentColumns">Columns of the parent, in order.</param>
/// <param name="OnDelete">CASCADE, SET NULL, SET DEFAULT, RESTRICT or NO ACTION; null when not printed, which is NO ACTION.</param>
/// <param name="OnUpdate">As <paramref name="OnDelete"/>.</param>
internal sealed record ForeignKeyDefinition(
    string Name, IReadOnlyList<string> Columns, QualifiedName Parent, IReadOnlyList<string> ParentColumns, string? OnDelete, string? OnUpdate)
{
    /// <summary>A change of the parent changes rows of the child.</summary>
    public bool Cascades => ChangesChild(OnDelete) || ChangesChild(OnUpdate);

    /// <summary>The clause of ALTER TABLE that adds the constraint with another parent.</summary>
    public string ToAddClause(QualifiedName parent)
    {
        var sql = new StringBuilder("ADD CONSTRAINT ").Append(SqlText.Name(Name))
            .Append(" FOREIGN KEY (").AppendJoin(", ", Columns.Select(SqlText.Name))
            .Append(") REFERENCES ").Append(parent.ToSql())
            .Append(" (").AppendJoin(", ", ParentColumns.Select(SqlText.Name)).Append(')');
        if (OnDelete is not null)
        {
            sql.Append(" ON DELETE ").Append(OnDelete);
        }

        if (OnUpdate is not null)
        {
            sql.Append(" ON UPDATE ").Append(OnUpdate);
        }

        return sql.ToString();
    }

    /// <summary>True when the other constraint means the same with this parent; the names may differ.</summary>
    public bool MeansSameAs(ForeignKeyDefinition other, QualifiedName parent, StringComparer tableNames) =>
        Columns.SequenceEqual(other.Columns, StringComparer.OrdinalIgnoreCase)
        && ParentColumns.SequenceEqual(other.ParentColumns, StringComparer.OrdinalIgnoreCase)
        && tableNames.Equals(parent.Database, other.Parent.Database)
        && tableNames.Equals(parent.Name, other.Parent.Name)
        && Action(OnDelete) == Action(other.OnDelete)
        && Action(OnUpdate) == Action(other.OnUpdate);

    private static bool ChangesChild(string? action) => Action(action) is not "RESTRICT";

    // InnoDB treats NO ACTION, RESTRICT and nothing alike.
    private static string Action(string? action) => action is null or "NO ACTION" ? "RESTRICT" : action;
}
