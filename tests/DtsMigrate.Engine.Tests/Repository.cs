using System.Runtime.CompilerServices;

namespace DtsMigrate.Engine.Tests;

/// <summary>Files of this repository that tests check.</summary>
internal static class Repository
{
    public static string File(string path) => Path.Combine(Root(), path);

    private static string Root([CallerFilePath] string here = "")
    {
        // Deterministic builds may map source paths away; the output folder is inside the repository, too.
        for (string? folder = Directory.Exists(Path.GetDirectoryName(here)) ? Path.GetDirectoryName(here) : AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (System.IO.File.Exists(Path.Combine(folder, "DtsMigrate.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
