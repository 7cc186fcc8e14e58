using System.Text.Json;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Files that readers see whole: written beside their place, then renamed over it. Mode 0600.</summary>
internal static class AtomicFile
{
    // A reader on Windows may hold the old file for an instant.
    private const int ReplaceAttempts = 20;

    /// <summary>Replaces the file.</summary>
    /// <param name="path">File.</param>
    /// <param name="content">New content.</param>
    /// <param name="durable">Wait for the disk before the rename, so that a power cut leaves the old or the new content.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool durable)
    {
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, Create()))
            {
                stream.Write(content);
                stream.Flush(durable);
            }

            Replace(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Replaces the file with a value as JSON.</summary>
    public static void WriteJson<T>(string path, T value, bool durable) =>
        Write(path, JsonSerializer.SerializeToUtf8Bytes(value, TaskJson.Type<T>()), durable);

    /// <summary>Reads a JSON file; default when there is none.</summary>
    public static T? ReadJson<T>(string path)
    {
        try
        {
            using FileStream stream = Open(path);
            return JsonSerializer.Deserialize(stream, TaskJson.Type<T>());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
    }

    /// <summary>Opens for reading without keeping a writer from replacing it.</summary>
    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Options of a new private file.</summary>
    public static FileStreamOptions Create(FileMode mode = FileMode.CreateNew)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static void Replace(string temporary, string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                File.Move(temporary, path, overwrite: true);
                return;
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && attempt < ReplaceAttempts && e is (IOException or UnauthorizedAccessException))
            {
                Thread.Sleep(5);
            }
        }
    }
}
