using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests;

/// <summary>A home folder for tasks that goes with the test.</summary>
internal sealed class TemporaryHome : IDisposable
{
    public TaskHome Home { get; } = new(Path.Combine(Path.GetTempPath(), "dtsmigrate-test-" + Guid.NewGuid().ToString("N")));

    public TaskFolder Folder(string name = "shop") => Home.Folder(name);

    public void Dispose()
    {
        if (Directory.Exists(Home.FullPath))
        {
            Directory.Delete(Home.FullPath, recursive: true);
        }
    }
}
