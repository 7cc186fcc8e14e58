namespace DtsMigrate.Testing;

/// <summary>The folder that keeps unpacked servers and initialised data folders between runs.</summary>
internal static class CacheFolder
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    internal static string Root
    {
        get
        {
            var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(home) || !Path.IsPathRooted(home))
            {
                home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            }

            return Directory.CreateDirectory(Path.Combine(home, "dtsmigrate")).FullName;
        }
    }

    /// <summary>Takes the lock of one cache entry, which other processes may hold while they fill it.</summary>
    internal static async Task<FileStream> LockAsync(string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Root, name + ".lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(Root))
            {
                // Another process holds it; it may be downloading, so there is no limit but the caller's token.
                await Task.Delay(LockPoll, cancellationToken);
            }
        }
    }

    /// <summary>A new folder beside the final ones, so that a rename can publish it in one step.</summary>
    internal static string NewTemporary() =>
        Directory.CreateDirectory(Path.Combine(Root, "tmp-" + Guid.NewGuid().ToString("N")[..12])).FullName;
}
