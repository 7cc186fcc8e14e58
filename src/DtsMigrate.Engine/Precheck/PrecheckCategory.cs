namespace DtsMigrate.Engine.Precheck;

/// <summary>Categories of precheck items, as <see cref="PrecheckResult.Category"/> has them.</summary>
public static class PrecheckCategory
{
    /// <summary>Reaching both servers, and what they are.</summary>
    public const string Connectivity = "Connectivity";

    /// <summary>What the accounts may do.</summary>
    public const string Privileges = "Privileges";

    /// <summary>The source's binary log.</summary>
    public const string BinaryLog = "BinaryLog";

    /// <summary>The selected objects.</summary>
    public const string Objects = "Objects";

    /// <summary>Settings of the servers.</summary>
    public const string Settings = "Settings";
}
