using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Tells what the statements of the binary log are. DDL is <see cref="DdlApplier"/>'s; of the others nothing is run on the destination: what does not concern the task is passed
/// over, what does stops it.
/// </summary>
internal sealed class QueryApplier(TableCatalog catalog, Gate gate, IReadOnlyDictionary<int, string> collations)
{
    /// <summary>Reads the statement of an event.</summary>
    public ClassifiedStatement Classify(QueryEvent query, out string text)
    {
        string? decoded = StatementText.Decode(query, collations);
        text = decoded ?? query.Sql;
        return decoded is null ? new ClassifiedStatement(StatementKind.Unknown) : StatementClassifier.Classify(decoded, query.Database, query.Context.SqlMode ?? 0);
    }

    /// <summary>A DDL statement names something that the task selects, or a table of the task, or a shadow table that it leaves out.</summary>
    public bool Concerns(ClassifiedStatement statement) =>
        (statement.Database is { } database && catalog.SelectsDatabase(database)) || statement.Tables.Any(t => catalog.Selects(t) || catalog.Selection.IsShadow(t) || catalog.TryFind(t.Database, t.Name, out _));

    /// <summary>Passes over the statement, or stops.</summary>
    /// <param name="statement">Statement.</param>
    /// <param name="text">Its text.</param>
    /// <param name="query">Its event.</param>
    /// <param name="transaction">The transaction that it is in.</param>
    public void Apply(ClassifiedStatement statement, string text, QueryEvent query, SourceTransaction transaction)
    {
        switch (statement.Kind)
        {
            case StatementKind.Dml:
                Dml(statement, text, query, transaction);
                break;
            case StatementKind.Rollback or StatementKind.RollbackToSavepoint when transaction.HasAppliedRows:
                throw ReplicationErrors.UnknownStatement($"{text} (after changes of selected tables, which a transaction over several storage engines writes)", query.End);
            case StatementKind.Unknown:
                throw ReplicationErrors.UnknownStatement(text, query.End);
            default:
                break;
        }
    }

    private void Dml(ClassifiedStatement statement, string text, QueryEvent query, SourceTransaction transaction)
    {
        var concerned = statement.Tables.Where(t => catalog.TryFind(t.Database, t.Name, out var plan)
            ? gate.Decide(plan.Number, transaction.Gtid, query.End) is GateDecision.Apply or GateDecision.Hold
            : catalog.Selects(t) && IsLikelyTable(t)).ToList();
        if (concerned.Count > 0)
        {
            throw ReplicationErrors.StatementFormat(string.Join(", ", concerned), text, query.End);
        }
    }

    // In a wholly selected database every word of the statement would be a selected table: only the tables of the task count there.
    private bool IsLikelyTable(QualifiedName table) => !catalog.InDatabase(table.Database).Any();
}
