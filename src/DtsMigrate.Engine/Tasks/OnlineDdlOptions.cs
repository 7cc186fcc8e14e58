namespace DtsMigrate.Engine.Tasks;

/// <summary>How a task deals with online DDL tools: options <c>onlineDdl</c>, <c>onlineDdlShadow</c> and <c>onlineDdlTrash</c>.</summary>
public sealed record OnlineDdlOptions
{
    /// <summary>The default: temporary tables are migrated like any other.</summary>
    public static OnlineDdlOptions CopyTables { get; } = new();

    /// <summary>What becomes of temporary tables.</summary>
    public OnlineDdlMode Mode { get; init; }

    /// <summary>Regular expression for names of shadow tables, which get the rows and take the table's name in the end; null for the tool's own.</summary>
    public string? Shadow { get; init; }

    /// <summary>Regular expression for names of all other temporary tables: change logs, and what the table is called after the swap; null for the tool's own.</summary>
    public string? Trash { get; init; }

    /// <summary>The expression in force for shadow tables; null when temporary tables are migrated.</summary>
    public string? ShadowInForce => Mode switch
    {
        OnlineDdlMode.CopyTables => null,
        OnlineDdlMode.AdaptDms => Shadow ?? "^_(.+)_(?:gho|new)$|^tpa?_[0-9A-Za-z]+_ogt_(.+)$",
        OnlineDdlMode.AdaptGhOst => Shadow ?? "^_(.+)_(?:gho|new)$",
        _ => Shadow ?? "^_{1,10}(.+)_new$",
    };

    /// <summary>The expression in force for the other temporary tables; null when temporary tables are migrated.</summary>
    public string? TrashInForce => Mode switch
    {
        OnlineDdlMode.CopyTables => null,
        OnlineDdlMode.AdaptDms => Trash ?? "^_(.+)_(?:ghc|del|old)$|^tpa?_[0-9A-Za-z]+_(?:ogl|del)_(.+)$",
        OnlineDdlMode.AdaptGhOst => Trash ?? "^_(.+)_(?:ghc|del|old)$",
        _ => Trash ?? "^_{1,10}(.+)_old$",
    };
}
