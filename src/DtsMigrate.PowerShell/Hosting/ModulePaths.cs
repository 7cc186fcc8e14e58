using System.Runtime.InteropServices;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Where this module lies.</summary>
internal static class ModulePaths
{
    /// <summary>The module's folder: this assembly is in <c>bin/</c> below it.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(ModulePaths).Assembly.Location)!, ".."));

    /// <summary>The manifest.</summary>
    public static string Manifest { get; } = Path.Combine(Root, "DtsMigrate.psd1");

    /// <summary>The worker as a native program for this platform, where the module was built with one.</summary>
    public static string NativeWorker { get; } = Path.Combine(Root, "worker", RuntimeInformation.RuntimeIdentifier, OperatingSystem.IsWindows() ? "dtsmigrate.exe" : "dtsmigrate");
}
