using System.Reflection;
using System.Runtime.Loader;

namespace DtsMigrate.Loader;

/// <summary>
/// The load context of the module: cmdlets, engine and their packages live in it, so that their versions never meet those that the shell or
/// another module has loaded. This assembly alone lives in the shell's default context, and refers to nothing.
/// </summary>
/// <remarks>Thread safe. The context is never unloaded: PowerShell keeps the types of an imported assembly for the life of the process.</remarks>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Assembly> Loaded = new(StringComparer.Ordinal);

    private readonly string _folder;

    private ModuleLoadContext(string folder)
        : base("DtsMigrate", isCollectible: false) => _folder = folder;

    /// <summary>Loads the module's main assembly into its context; a second call for the same file gives the same assembly.</summary>
    /// <param name="path">Full path of the assembly; its dependencies are looked for beside it, and nowhere else.</param>
    /// <returns>The assembly.</returns>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    public static Assembly LoadModule(string path)
    {
        string full = Path.GetFullPath(path);
        lock (Gate)
        {
            if (!Loaded.TryGetValue(full, out Assembly? assembly))
            {
                assembly = new ModuleLoadContext(Path.GetDirectoryName(full)!).LoadFromAssemblyPath(full);
                Loaded.Add(full, assembly);
            }

            return assembly;
        }
    }

    /// <summary>Finds a dependency beside the main assembly. What is not there, the framework and PowerShell's own assemblies, comes from the default context.</summary>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        ArgumentNullException.ThrowIfNull(assemblyName);
        string path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
