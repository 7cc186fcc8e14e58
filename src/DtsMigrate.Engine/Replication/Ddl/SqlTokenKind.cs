namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Kind of a token.</summary>
internal enum SqlTokenKind
{
    /// <summary>Keyword or name without quotes.</summary>
    Word,

    /// <summary>Quoted name.</summary>
    QuotedName,

    /// <summary>String, number or other literal.</summary>
    Literal,

    /// <summary>One character of punctuation.</summary>
    Symbol,
}
