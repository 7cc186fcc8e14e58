using System.Globalization;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>A query for columns, before which stand the answers of <see cref="JsonProbe"/> about those that are asked about, <see cref="JsonProbe.Fields"/> each.</summary>
internal sealed class ProbedQuery
{
    private readonly string _head;

    /// <summary>Creates the query.</summary>
    /// <param name="columns">Expressions, and which DOUBLEs inside them are to be listed; null for a column that is not asked about. One that is asked about is a quoted name.</param>
    /// <param name="version">Version of the server that is asked.</param>
    public ProbedQuery(IReadOnlyList<(string Select, ListedDoubles? Asked)> columns, ServerVersion version)
    {
        KeepsOrder = version.HasJsonTable || !columns.Any(c => c.Asked is not null);
        _head = KeepsOrder
            ? $"SELECT {string.Join(',', columns.Select(c => c.Asked is { } doubles ? JsonProbe.Select(c.Select, doubles) : null).OfType<string>().Concat(columns.Select(c => c.Select)))}"
            : JsonWalk.Head(columns);
    }

    /// <summary>The rows come in the order that is asked for. It is not promised of the derived table of <see cref="JsonWalk"/>.</summary>
    public bool KeepsOrder { get; }

    /// <summary>The query's text.</summary>
    /// <param name="rows">FROM and what follows it, without a LIMIT.</param>
    /// <param name="limit">Most rows; null for all.</param>
    public string Of(string rows, long? limit = null)
    {
        string most = limit is { } l ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {l}") : string.Empty;
        return KeepsOrder ? $"{_head}{rows}{most}" : $"{_head}{rows}{(limit is null ? JsonWalk.NoLimit : most)}{JsonWalk.Tail}";
    }
}
