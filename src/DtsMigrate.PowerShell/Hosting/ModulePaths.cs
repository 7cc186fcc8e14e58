namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Where this module lies.</summary>
internal static class ModulePaths
{
    /// <summary>The manifest: this assembly is in <c>bin/</c> below it.</summary>
    public static string Manifest { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(ModulePaths).Assembly.Location)!, "..", "DtsMigrate.psd1"));
}
