namespace DtsMigrate.Engine.Transform;

/// <summary>What becomes of the letters of a name.</summary>
internal enum LetterCase
{
    /// <summary>They stay.</summary>
    AsIs,

    /// <summary>Lower case.</summary>
    Lower,

    /// <summary>Upper case.</summary>
    Upper,
}
