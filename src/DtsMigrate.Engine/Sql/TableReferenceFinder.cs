namespace DtsMigrate.Engine.Sql;

/// <summary>
/// Finds the tables that queries and the statements of routine bodies name, by their places: after FROM, JOIN, UPDATE, INTO and so on. Keeps
/// for each token which names are in scope, so that <c>x.y</c> can be told: column of a table, column of an alias, or table of a database.
/// </summary>
internal sealed class TableReferenceFinder
{
    private static readonly HashSet<string> EndsTables = new(StringComparer.OrdinalIgnoreCase)
    {
        "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "SET", "WINDOW", "FOR", "LOCK", "INTO", "VALUES", "VALUE", "END", "THEN", "DO", "BEGIN",
        "ELSE", "RETURN", "QUALIFY",
    };

    private static readonly HashSet<string> NoAlias = new(StringComparer.OrdinalIgnoreCase)
    {
        "JOIN", "INNER", "CROSS", "LEFT", "RIGHT", "NATURAL", "STRAIGHT_JOIN", "OUTER", "ON", "USING", "USE", "IGNORE", "FORCE", "PARTITION", "SELECT", "WITH", "TABLE", "AS",
        "READ", "WRITE", "LOW_PRIORITY", "TABLESAMPLE", "FROM", "LIKE", "TO",
    };

    private static readonly string[] FunctionsWithFrom = ["EXTRACT", "TRIM", "SUBSTRING", "SUBSTR", "MID"];

    private readonly SqlTokens _tokens;
    private readonly string _defaultDatabase;
    private readonly Dictionary<int, TableReference> _references = [];
    private readonly Dictionary<int, QueryBlock> _blocks = [];
    private readonly HashSet<string> _commonTables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Stack<Level> _outer = new();
    private Level _level = new(new QueryBlock(null));

    /// <summary>Reads a range of tokens without comments.</summary>
    /// <param name="tokens">Tokens, from <see cref="SqlTokens.WithoutComments"/>.</param>
    /// <param name="first">First token.</param>
    /// <param name="end">Token after the last.</param>
    /// <param name="defaultDatabase">Database of names without one.</param>
    public TableReferenceFinder(SqlTokens tokens, int first, int end, string defaultDatabase)
    {
        _tokens = tokens;
        _defaultDatabase = defaultDatabase;
        FindCommonTables(first, end);
        for (int i = first; i < end; i++)
        {
            _blocks[i] = _level.Block;
            Visit(i, first);
        }
    }

    /// <summary>The references by the index of their first token.</summary>
    public IReadOnlyDictionary<int, TableReference> References => _references;

    /// <summary>The block that a token is in.</summary>
    public QueryBlock BlockOf(int index) => _blocks[index];

    /// <summary>The name of a reference.</summary>
    public QualifiedName NameOf(TableReference reference) =>
        new(reference.Database < 0 ? _defaultDatabase : _tokens.Name(reference.Database), _tokens.Name(reference.Name));

    // name AS ( and name (columns) AS ( can only be a common table expression.
    private void FindCommonTables(int first, int end)
    {
        for (int i = first + 1; i + 1 < end; i++)
        {
            if (!_tokens.IsWord(i, "AS") || !_tokens.IsSymbol(i + 1, '('))
            {
                continue;
            }

            int name = i - 1;
            if (_tokens.IsSymbol(name, ')'))
            {
                for (int depth = 0; name >= first; name--)
                {
                    depth += _tokens.IsSymbol(name, ')') ? 1 : _tokens.IsSymbol(name, '(') ? -1 : 0;
                    if (depth == 0)
                    {
                        break;
                    }
                }

                name--;
            }

            if (_tokens.IsName(name))
            {
                _commonTables.Add(_tokens.Name(name));
            }
        }
    }

    private void Visit(int i, int first)
    {
        if (_tokens.IsSymbol(i, '('))
        {
            Open(i, first);
        }
        else if (_tokens.IsSymbol(i, ')'))
        {
            Close(i);
        }
        else if (_tokens.IsSymbol(i, ','))
        {
            _level.Expects = _level.InTables;
        }
        else if (_tokens.IsSymbol(i, ';'))
        {
            _level = new Level(new QueryBlock(null));
            _outer.Clear();
        }
        else if (_tokens.IsSymbol(i, '.') && _level.Expects && _tokens.IsName(i + 1))
        {
            // ".t" is a legal way to name a table of the default database.
            Refer(new TableReference(-1, i + 1));
        }
        else if (_level.Expects && _tokens.IsName(i))
        {
            if (_tokens.IsAnyWord(i, "FROM", "TABLE", "TABLES"))
            {
                Word(i);
            }
            else if (!IsBetween(i))
            {
                Name(i);
            }
        }
        else if (_tokens.Is(i, SqlTokenKind.Word) && !_tokens.IsSymbol(i - 1, '.') && !_tokens.IsSymbol(i - 1, '@'))
        {
            Word(i);
        }
    }

    // Words that may stand between the keyword and its table.
    private bool IsBetween(int i) => _tokens.IsAnyWord(i, "LATERAL", "IF", "NOT", "EXISTS", "LOW_PRIORITY", "HIGH_PRIORITY", "IGNORE", "INTO")
        || (_tokens.IsAnyWord(i, "DELAYED", "QUICK") && _tokens.IsAnyWord(i - 1, "DELETE", "INSERT", "REPLACE", "LOW_PRIORITY"));

    private void Open(int i, int first)
    {
        bool isFunction = i > first && _tokens.IsAnyWord(i - 1, FunctionsWithFrom);
        var inner = new Level(_level.Block) { InTables = _level.Expects, Expects = _level.Expects, IgnoresFrom = isFunction };
        _level.Expects = false;
        _outer.Push(_level);
        _level = inner;
    }

    private void Close(int i)
    {
        _level = _outer.TryPop(out var outer) ? outer : new Level(new QueryBlock(null));
        if (_level.InTables)
        {
            Alias(i + 1, null);
        }
    }

    private void Word(int i)
    {
        var word = _tokens.Span(i);
        if (Is("SELECT"))
        {
            _level.Block = new QueryBlock(_outer.TryPeek(out var outer) ? outer.Block : null);
            (_level.InTables, _level.Expects) = (false, false);
            _blocks[i] = _level.Block;
        }
        else if (Is("FROM"))
        {
            if (!_level.IgnoresFrom && !_tokens.IsAnyWord(i - 1, "FETCH", "NEXT"))
            {
                (_level.InTables, _level.Expects) = (true, true);
            }
        }
        else if (Is("JOIN") || Is("STRAIGHT_JOIN"))
        {
            _level.Expects = _level.InTables && !_tokens.IsWord(i - 1, "FOR");
        }
        else if (Is("UPDATE") || Is("DELETE"))
        {
            bool starts = !_tokens.IsAnyWord(i - 1, "KEY", "ON", "FOR", "BEFORE", "AFTER");
            (_level.InTables, _level.Expects) = (starts, starts);
        }
        else if (Is("INSERT") || Is("REPLACE"))
        {
            _level.Expects = !_tokens.IsSymbol(i + 1, '(') && !_tokens.IsAnyWord(i - 1, "BEFORE", "AFTER", "OR");
            _level.InTables = false;
        }
        else if (Is("TABLE") || Is("TABLES"))
        {
            _level.Expects = true;
            _level.InTables = !_tokens.IsAnyWord(i - 1, "ALTER", "CREATE", "TEMPORARY");
        }
        else if (Is("REFERENCES") || Is("USING") && _level.InTables && !_tokens.IsSymbol(i + 1, '('))
        {
            _level.Expects = true;
        }
        else if (EndsTables.Contains(word.ToString()) && !_tokens.IsWord(i - 1, "FOR") && !(Is("FOR") && _tokens.IsAnyWord(i - 1, "INDEX", "KEY")))
        {
            (_level.InTables, _level.Expects) = (false, false);
        }

        bool Is(string keyword) => _tokens.IsWord(i, keyword);
    }

    private void Name(int i)
    {
        bool isQualified = _tokens.IsSymbol(i + 1, '.') && !_tokens.IsSymbol(i + 2, '*') && !_tokens.Is(i + 2, SqlTokenKind.Symbol);
        if (!isQualified && _tokens.Is(i, SqlTokenKind.Word))
        {
            if (_tokens.IsAnyWord(i, "SELECT", "WITH", "SET") || (_tokens.IsSymbol(i + 1, '(') && _level.InTables))
            {
                // A derived table, or a table function.
                _level.Expects = false;
                Word(i);
                return;
            }

            if (_tokens.IsWord(i, "DUAL"))
            {
                _level.Expects = false;
                return;
            }
        }

        Refer(isQualified ? new TableReference(i, i + 2) : new TableReference(-1, i));
    }

    private void Refer(TableReference reference)
    {
        _level.Expects = false;
        int after = reference.Name + 1;
        if (reference.Database < 0 && _commonTables.Contains(_tokens.Name(reference.Name)))
        {
            Alias(after, null);
            _level.Block.Define(_tokens.Name(reference.Name), null);
            return;
        }

        _references[reference.Database < 0 ? reference.Name : reference.Database] = reference;
        if (_tokens.IsWord(after, "PARTITION") && _tokens.IsSymbol(after + 1, '('))
        {
            after = _tokens.Closing(after + 1) + 1;
        }

        if (!Alias(after, NameOf(reference)))
        {
            _level.Block.Define(_tokens.Name(reference.Name), NameOf(reference));
        }
    }

    private bool Alias(int at, QualifiedName? table)
    {
        bool isExplicit = _tokens.IsWord(at, "AS");
        at += isExplicit ? 1 : 0;
        bool isAlias = _tokens.Is(at, SqlTokenKind.QuotedName)
            || (_tokens.Is(at, SqlTokenKind.Word) && (isExplicit || !(NoAlias.Contains(_tokens.Name(at)) || EndsTables.Contains(_tokens.Name(at)))));
        if (isAlias && !(table is null && _tokens.IsSymbol(at, '(')))
        {
            _level.Block.Define(_tokens.Name(at), null);
        }

        return isAlias;
    }

    private sealed class Level(QueryBlock block)
    {
        public QueryBlock Block { get; set; } = block;

        public bool InTables { get; set; }

        public bool Expects { get; set; }

        public bool IgnoresFrom { get; init; }
    }
}
