using System.Text;
using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>
/// Turns a source table's SHOW CREATE TABLE into the statement for the destination: new name, no foreign keys, collations explicit (the
/// two servers' defaults differ), no file system placement. All else stays byte for byte.
/// </summary>
internal static class TableRewriter
{
    /// <summary>Rewrites the definition.</summary>
    /// <param name="table">The source table.</param>
    /// <param name="destination">Its name on the destination.</param>
    public static RewrittenTable Rewrite(TableDefinition table, QualifiedName destination) => Rewrite(table, CreateTableStatement.Parse(table.CreateSql), destination, []);

    /// <summary>Rewrites the definition without some of its indexes.</summary>
    /// <param name="table">The source table.</param>
    /// <param name="statement">Its definition, parsed.</param>
    /// <param name="destination">Its name on the destination.</param>
    /// <param name="deferred">Names of indexes to leave out.</param>
    public static RewrittenTable Rewrite(TableDefinition table, CreateTableStatement statement, QualifiedName destination, IReadOnlyCollection<string> deferred)
    {
        var tokens = statement.Tokens;
        var collations = table.Columns.ToDictionary(c => c.Name, c => c.Collation, StringComparer.OrdinalIgnoreCase);
        var sql = new StringBuilder(table.CreateSql.Length + 64);
        sql.Append("CREATE TABLE ").Append(destination.ToSql()).Append(" (\n");
        string separator = "  ";
        foreach (var element in statement.Elements.Where(e => !e.IsForeignKey && !(IndexElement.Read(tokens, e) is { } index && deferred.Contains(index.Name))))
        {
            sql.Append(separator);
            AppendElement(sql, tokens, element, element.Column is null ? null : collations.GetValueOrDefault(element.Column));
            separator = ",\n  ";
        }

        sql.Append("\n)");
        var dropped = new List<string>();
        AppendTail(sql, statement, table.Collation, dropped);
        return new RewrittenTable(sql.ToString(), dropped);
    }

    // "CHARACTER SET x" without COLLATE means x's default collation, which the destination may define otherwise (utf8mb4 in 5.7 and 8.0).
    private static void AppendElement(StringBuilder sql, SqlTokens tokens, CreateTableElement element, string? collation)
    {
        int from = tokens[element.First].Start;
        int depth = 0;
        for (int i = element.First; collation is not null && i < element.End; i++)
        {
            depth += tokens.IsSymbol(i, '(') ? 1 : tokens.IsSymbol(i, ')') ? -1 : 0;
            if (depth == 0 && tokens.IsWord(i, "CHARACTER") && tokens.IsWord(i + 1, "SET") && !tokens.IsWord(i + 3, "COLLATE"))
            {
                int end = tokens[i + 2].End;
                sql.Append(tokens.Sql, from, end - from).Append(" COLLATE ").Append(collation);
                from = end;
            }
        }

        sql.Append(tokens.Sql, from, tokens[element.End - 1].End - from);
    }

    private static void AppendTail(StringBuilder sql, CreateTableStatement statement, string? collation, List<string> dropped)
    {
        var tokens = statement.Tokens;
        int from = tokens[statement.TailStart - 1].End;
        for (int i = statement.TailStart; i < tokens.Count; i++)
        {
            int drop = PlacementLength(tokens, i);
            if (drop > 0)
            {
                sql.Append(tokens.Sql, from, tokens[i].Start - from);
                from = tokens[i + drop - 1].End;
                dropped.Add(tokens.Sql[tokens[i].Start..from]);
                i += drop - 1;
            }
            else if (collation is not null && tokens.IsWord(i, "CHARSET") && tokens.IsSymbol(i + 1, '=') && !tokens.IsWord(i + 3, "COLLATE"))
            {
                int end = tokens[i + 2].End;
                sql.Append(tokens.Sql, from, end - from).Append(" COLLATE=").Append(collation);
                from = end;
                i += 2;
            }
        }

        sql.Append(tokens.Sql, from, tokens.Sql.Length - from);
    }

    /// <summary>The number of tokens of an option here that names files of the source's host (DATA DIRECTORY, INDEX DIRECTORY, TABLESPACE), or 0.</summary>
    internal static int PlacementLength(SqlTokens tokens, int at)
    {
        int value = at;
        if ((tokens.IsWord(at, "DATA") || tokens.IsWord(at, "INDEX")) && tokens.IsWord(at + 1, "DIRECTORY"))
        {
            value = at + 2;
        }
        else if (tokens.IsWord(at, "TABLESPACE"))
        {
            value = at + 1;
        }
        else
        {
            return 0;
        }

        value += tokens.IsSymbol(value, '=') ? 1 : 0;
        return value + 1 - at;
    }

    /// <summary>The statement that creates a database with a given character set and collation.</summary>
    public static string CreateDatabase(string name, string charset, string collation) =>
        $"CREATE DATABASE IF NOT EXISTS {SqlText.Name(name)} DEFAULT CHARACTER SET {charset} COLLATE {collation}";
}
