namespace DtsMigrate.Engine.FullCopy;

/// <summary>DOUBLEs inside JSON documents that <see cref="JsonProbe"/> lists although their type is one that text tells.</summary>
[Flags]
internal enum ListedDoubles
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Those that some parsers misround: with more than 15 digits or beyond 1e-7 .. 1e15. For destinations before 9.0.</summary>
    Misrounded = 1,

    /// <summary>Those whose text is that of an INTEGER: 5.7 writes 98 for 98.0. For sources before 9.0; not all of them need it.</summary>
    Whole = 2,
}
