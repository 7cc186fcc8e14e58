using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>A DDL statement taken apart: what it names and where, so that it can be split, rewritten and settled.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Tokens">Its tokens without comments.</param>
/// <param name="DefaultDatabase">Default database of its session; empty for none.</param>
internal sealed record DdlStatement(DdlKind Kind, SqlTokens Tokens, string DefaultDatabase)
{
    /// <summary>The tables, or the object, that it creates, changes or removes.</summary>
    public List<NamedPlace> Targets { get; } = [];

    /// <summary>Tables that get another name, in order.</summary>
    public List<(NamedPlace From, NamedPlace To)> Renames { get; } = [];

    /// <summary>Tables that it only refers to: parents of foreign keys.</summary>
    public List<NamedPlace> Mentions { get; } = [];

    /// <summary>The table that CREATE TABLE ... LIKE takes for its model.</summary>
    public NamedPlace? Model { get; set; }

    /// <summary>Token of a database's name, for statements about databases; -1 otherwise.</summary>
    public int DatabaseToken { get; set; } = -1;

    /// <summary>Runs of tokens that must not be run on the destination: first and last.</summary>
    public List<(int First, int Last)> LeftOut { get; } = [];

    /// <summary>ALGORITHM and LOCK clauses, which another server or version may refuse: first and last.</summary>
    public List<(int First, int Last)> Hints { get; } = [];

    /// <summary>Replaces the names of its tables by those that the source keeps: it may compare them without case.</summary>
    public void MapNames(Func<QualifiedName, QualifiedName> map)
    {
        for (int i = 0; i < Targets.Count; i++)
        {
            Targets[i] = Targets[i] with { Name = map(Targets[i].Name) };
        }

        for (int i = 0; i < Mentions.Count; i++)
        {
            Mentions[i] = Mentions[i] with { Name = map(Mentions[i].Name) };
        }

        for (int i = 0; i < Renames.Count; i++)
        {
            Renames[i] = (Renames[i].From with { Name = map(Renames[i].From.Name) }, Renames[i].To with { Name = map(Renames[i].To.Name) });
        }

        Model = Model is { } model ? model with { Name = map(model.Name) } : null;
    }

    /// <summary>IF NOT EXISTS.</summary>
    public bool IfNotExists { get; set; }

    /// <summary>Its effect on rows is not determined by its text: the tables must be copied again after it.</summary>
    public bool NeedsCopy { get; set; }

    /// <summary>Adds an AUTO_INCREMENT column: what numbers rows get is determined only where they have a key.</summary>
    public bool AddsAutoIncrement { get; set; }

    /// <summary>Must not be run on the destination: tablespace files are the source's own.</summary>
    public bool IsNotRun { get; set; }

    /// <summary>Running it twice undoes it: EXCHANGE PARTITION.</summary>
    public bool Swaps { get; set; }
}
