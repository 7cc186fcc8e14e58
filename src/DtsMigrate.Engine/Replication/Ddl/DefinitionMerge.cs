using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// The source's definition after a DDL statement, made of its definition before and of what the same statement has done to the destination's table. The source cannot be asked: it is
/// ahead of the stream.
/// </summary>
internal static class DefinitionMerge
{
    /// <summary>Carries the change over.</summary>
    /// <param name="tracked">The source's definition before.</param>
    /// <param name="before">The destination's before.</param>
    /// <param name="after">The destination's after.</param>
    /// <param name="toSource">Names on the source of the destination's tables.</param>
    /// <exception cref="DtsMigrateException">Code <c>DdlNotExact</c>: the destination's table has other columns than the source's, so that what the statement means cannot be told.</exception>
    public static TableDefinition Apply(TableDefinition tracked, TableDefinition before, TableDefinition after, Func<QualifiedName, QualifiedName> toSource)
    {
        if (!tracked.Columns.Select(c => c.Name).SequenceEqual(before.Columns.Select(c => c.Name), StringComparer.OrdinalIgnoreCase))
        {
            throw new DtsMigrateException("DdlNotExact", $"{before.Name} on the destination has other columns, or another order of them, than {tracked.Name} had on the source: what the statement makes of the table cannot be told.")
            {
                Target = tracked.Name.ToString(),
                RecommendedAction = "Migrate the table in a new task, to a table that schema migration creates.",
            };
        }

        var known = tracked.Columns.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        var there = before.Columns.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        List<ColumnDefinition> columns = [.. after.Columns.Select(c => there.TryGetValue(c.Name, out var old) && old with { Index = c.Index } == c ? known[c.Name] with { Index = c.Index } : c)];
        return After(tracked.Name, after, toSource) with
        {
            Columns = columns,
            UniqueKeys = [.. after.UniqueKeys.Select(k => k with { Columns = [.. k.Columns.Select(c => columns[c.Index])] })],
            Engine = before.Engine == after.Engine ? tracked.Engine : after.Engine,
            Collation = before.Collation == after.Collation ? tracked.Collation : after.Collation,
        };
    }

    /// <summary>The definition of a table of the source that has just been made on the destination by the source's own statement.</summary>
    /// <param name="source">Name on the source.</param>
    /// <param name="destination">Definition on the destination.</param>
    /// <param name="toSource">Names on the source of the destination's tables.</param>
    public static TableDefinition After(QualifiedName source, TableDefinition destination, Func<QualifiedName, QualifiedName> toSource) =>
        destination with { Name = source, CreateSql = Rename(destination, source.Name, toSource) };

    /// <summary>A definition under another name.</summary>
    public static TableDefinition Rename(TableDefinition definition, QualifiedName name)
    {
        var statement = CreateTableStatement.Parse(definition.CreateSql);
        var edits = new TextEdits();
        edits.Replace(statement.Tokens[2], SqlText.Name(name.Name));
        return definition with { Name = name, CreateSql = Qualify(edits, statement, definition.Name.Database, static n => n) };
    }

    /// <summary>A definition whose foreign keys refer to renamed tables, with their new names; null when none does.</summary>
    public static TableDefinition? RenameParents(TableDefinition definition, IReadOnlyDictionary<QualifiedName, QualifiedName> renamed)
    {
        if (renamed.Count == 0 || definition.CreateSql.Length == 0)
        {
            return null;
        }

        string sql = Qualify(new TextEdits(), CreateTableStatement.Parse(definition.CreateSql), definition.Name.Database, n => renamed.GetValueOrDefault(n, n), onlyChanged: true);
        return sql == definition.CreateSql ? null : definition with { CreateSql = sql };
    }

    /// <summary>A definition whose foreign keys refer to columns of a parent that have other names now; null when none does.</summary>
    public static TableDefinition? RenameParentColumns(TableDefinition definition, QualifiedName parent, IReadOnlyDictionary<string, string> renamed)
    {
        if (renamed.Count == 0 || definition.CreateSql.Length == 0)
        {
            return null;
        }

        var statement = CreateTableStatement.Parse(definition.CreateSql);
        var tokens = statement.Tokens;
        var edits = new TextEdits();
        foreach (var element in statement.Elements.Where(e => e.IsForeignKey))
        {
            int at = Enumerable.Range(element.First, element.End - element.First).First(i => tokens.IsWord(i, "REFERENCES")) + 1;
            bool isQualified = tokens.IsSymbol(at + 1, '.');
            int last = isQualified ? at + 2 : at;
            if (new QualifiedName(isQualified ? tokens.Name(at) : definition.Name.Database, tokens.Name(last)) != parent)
            {
                continue;
            }

            for (int i = last + 2; i < tokens.Closing(last + 1); i++)
            {
                if (tokens.IsName(i) && renamed.TryGetValue(tokens.Name(i), out string? now))
                {
                    edits.Replace(tokens[i], SqlText.Name(now));
                }
            }
        }

        string sql = edits.Apply(tokens.Sql);
        return sql == definition.CreateSql ? null : definition with { CreateSql = sql };
    }

    // The parents of foreign keys get their names back, too.
    private static string Rename(TableDefinition destination, string name, Func<QualifiedName, QualifiedName> toSource)
    {
        var statement = CreateTableStatement.Parse(destination.CreateSql);
        var edits = new TextEdits();
        edits.Replace(statement.Tokens[2], SqlText.Name(name));
        return Qualify(edits, statement, destination.Name.Database, toSource);
    }

    private static string Qualify(TextEdits edits, CreateTableStatement statement, string database, Func<QualifiedName, QualifiedName> map, bool onlyChanged = false)
    {
        var tokens = statement.Tokens;
        foreach (var element in statement.Elements.Where(e => e.IsForeignKey))
        {
            for (int i = element.First; i < element.End; i++)
            {
                if (tokens.IsWord(i, "REFERENCES"))
                {
                    bool isQualified = tokens.IsSymbol(i + 2, '.');
                    int last = isQualified ? i + 3 : i + 1;
                    var parent = new QualifiedName(isQualified ? tokens.Name(i + 1) : database, tokens.Name(last));
                    if (!onlyChanged || map(parent) != parent)
                    {
                        edits.Replace(tokens[i + 1].Start, tokens[last].End - tokens[i + 1].Start, map(parent).ToSql());
                    }
                }
            }
        }

        return edits.Apply(tokens.Sql);
    }
}
