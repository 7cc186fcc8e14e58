using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Decides about the statements of the binary log. Nothing of them is run on the destination: what does not concern the task is passed over,
/// what does is either covered by the copy or stops the task.
/// </summary>
internal sealed class QueryApplier(TableCatalog catalog, Gate gate, IReadOnlyDictionary<int, string> collations, IRunLog log)
{
    /// <summary>Reads the statement of an event.</summary>
    public ClassifiedStatement Classify(QueryEvent query, out string text)
    {
        string? decoded = StatementText.Decode(query, collations);
        text = decoded ?? query.Sql;
        return decoded is null ? new ClassifiedStatement(StatementKind.Unknown) : StatementClassifier.Classify(decoded, query.Database, query.Context.SqlMode ?? 0);
    }

    /// <summary>Passes over the statement, or stops.</summary>
    /// <param name="statement">Statement.</param>
    /// <param name="text">Its text.</param>
    /// <param name="query">Its event.</param>
    /// <param name="transaction">The transaction that it is in.</param>
    public void Apply(ClassifiedStatement statement, string text, QueryEvent query, SourceTransaction transaction)
    {
        switch (statement.Kind)
        {
            case StatementKind.TableDdl:
                TableDdl(statement, text, query, transaction);
                break;
            case StatementKind.DatabaseDdl:
                DatabaseDdl(statement, text, query, transaction);
                break;
            case StatementKind.ObjectDdl when statement.Tables.Any(t => catalog.SelectsDatabase(t.Database)):
                log.Write(LogLevel.Warning, "Incremental", $"Not carried over: {(text.Length > 200 ? text[..200] + " …" : text)}");
                break;
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

    private void TableDdl(ClassifiedStatement statement, string text, QueryEvent query, SourceTransaction transaction)
    {
        var concerned = new List<QualifiedName>();
        foreach (var table in statement.Tables)
        {
            if (catalog.TryFind(table.Database, table.Name, out var plan))
            {
                // A table of the task is there: creating it if it is not there changes nothing. A table that is being copied begins again after the statement,
                // from a watermark that covers it; should it not, the stream will meet the statement once more.
                if (!statement.IfNotExists && gate.Decide(plan.Number, transaction.Gtid, query.End) == GateDecision.Apply)
                {
                    concerned.Add(table);
                }
            }
            else if (catalog.Selects(table) && !statement.IsDrop)
            {
                // Created after the task was planned; dropping it again leaves nothing to do.
                concerned.Add(table);
            }
        }

        if (concerned.Count > 0)
        {
            throw ReplicationErrors.Ddl(string.Join(", ", concerned), text, query.End);
        }
    }

    private void DatabaseDdl(ClassifiedStatement statement, string text, QueryEvent query, SourceTransaction transaction)
    {
        string database = statement.Database!;
        if (catalog.SelectsDatabase(database) && !statement.IfNotExists
            && (!catalog.InDatabase(database).Any() || catalog.InDatabase(database).Any(t => gate.Decide(t.Number, transaction.Gtid, query.End) == GateDecision.Apply)))
        {
            throw ReplicationErrors.Ddl($"database {database}", text, query.End);
        }
    }

    private void Dml(ClassifiedStatement statement, string text, QueryEvent query, SourceTransaction transaction)
    {
        var concerned = statement.Tables.Where(t => catalog.TryFind(t.Database, t.Name, out var plan)
            ? gate.Decide(plan.Number, transaction.Gtid, query.End) != GateDecision.Drop
            : catalog.Selects(t) && IsLikelyTable(t)).ToList();
        if (concerned.Count > 0)
        {
            throw ReplicationErrors.StatementFormat(string.Join(", ", concerned), text, query.End);
        }
    }

    // In a wholly selected database every word of the statement would be a selected table: only the tables of the task count there.
    private bool IsLikelyTable(QualifiedName table) => !catalog.InDatabase(table.Database).Any();
}
