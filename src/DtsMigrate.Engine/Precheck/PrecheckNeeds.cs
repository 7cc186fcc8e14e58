namespace DtsMigrate.Engine.Precheck;

/// <summary>What a check needs; when it is not there, the check is skipped.</summary>
[Flags]
internal enum PrecheckNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A session to the source.</summary>
    Source = 1,

    /// <summary>A session to the destination.</summary>
    Destination = 2,

    /// <summary>The definitions of the selected tables.</summary>
    Tables = 4,
}
