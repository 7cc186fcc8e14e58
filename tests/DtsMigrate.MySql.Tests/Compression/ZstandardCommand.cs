using System.Diagnostics;

namespace DtsMigrate.MySql.Tests.Compression;

/// <summary>The <c>zstd</c> command, where it is on PATH.</summary>
internal static class ZstandardCommand
{
    private static readonly string? Path = Find();

    public static bool IsAvailable => Path is not null;

    /// <summary>Compresses through pipes, so that the size of the content is not known to the command unless it is given.</summary>
    public static async Task<byte[]> CompressAsync(byte[] content, params string[] options)
    {
        var start = new ProcessStartInfo(Path!, ["-q", "-c", "-T1", .. options]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(content);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output.ToArray();
    }

    private static string? Find()
    {
        string name = OperatingSystem.IsWindows() ? "zstd.exe" : "zstd";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
