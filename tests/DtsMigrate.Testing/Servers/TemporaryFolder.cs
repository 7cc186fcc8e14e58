namespace DtsMigrate.Testing;

/// <summary>
/// A server's own folder. Its path is short, because socket paths are limited to about 100 bytes. The folder is locked while
/// its process lives; folders that a killed process left behind are removed by the next one.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string Prefix = "dtsm-";
    private const string OwnerFile = "owner.lock";
    private const int LongestBase = 40;

    // Younger folders may belong to a process that has not taken its lock yet.
    private static readonly TimeSpan YoungestOrphan = TimeSpan.FromMinutes(1);
    private static readonly Lazy<bool> Swept = new(RemoveOrphans);

    private readonly FileStream _owner;

    internal TemporaryFolder()
    {
        _ = Swept.Value;
        Root = Directory.CreateDirectory(Path.Combine(BaseFolder(), Prefix + Guid.NewGuid().ToString("N")[..8])).FullName;
        _owner = new FileStream(Path.Combine(Root, OwnerFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    internal string Root { get; }

    public void Dispose()
    {
        _owner.Dispose();
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private static string BaseFolder()
    {
        var folder = Path.GetTempPath();
        return folder.Length > LongestBase && Directory.Exists("/tmp") ? "/tmp" : folder;
    }

    private static bool RemoveOrphans()
    {
        foreach (var folder in Directory.GetDirectories(BaseFolder(), Prefix + "*"))
        {
            try
            {
                var owner = Path.Combine(folder, OwnerFile);
                if (!File.Exists(owner) || DateTime.UtcNow - File.GetCreationTimeUtc(owner) < YoungestOrphan)
                {
                    continue;
                }

                using (new FileStream(owner, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its process lives, it is another account's, or somebody else is removing it now: not ours to remove.
            }
        }

        return true;
    }
}
