using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace DtsMigrate.Testing;

/// <summary>A MySQL of this machine: how to start its server and its client programs.</summary>
public sealed partial class MySqlBinaries
{
    private const string PathVariable = "DTSMIGRATE_TEST_MYSQLD";
    private const string SourcePathVariable = "DTSMIGRATE_TEST_SOURCE_MYSQLD";

    private const string VersionVariable = "DTSMIGRATE_TEST_MYSQL_VERSION";
    private const string SourceVersionVariable = "DTSMIGRATE_TEST_SOURCE_MYSQL_VERSION";

    // One search per process: also a failure is kept, so that a thousand tests do not try a thousand downloads.
    private static readonly Lazy<Task<MySqlBinaries>> Found = new(() => Task.Run(() => SearchAsync(CancellationToken.None)));
    private static readonly Lazy<Task<MySqlBinaries>> FoundSource = new(() => Task.Run(async () =>
        await ChosenAsync(SourcePathVariable, SourceVersionVariable, CancellationToken.None) ?? await Found.Value));
    private static readonly ConcurrentDictionary<string, Lazy<Task<MySqlBinaries>>> FoundSeries = new(StringComparer.Ordinal);

    /// <summary>The server's version, for example 9.7.4.</summary>
    public required Version Version { get; init; }

    /// <summary>The server program; null when servers run in containers.</summary>
    public ToolCommand? Mysqld { get; init; }

    /// <summary>Arguments that this server needs at every start, for its own folders.</summary>
    public IReadOnlyList<string> MysqldArguments { get; init; } = [];

    /// <summary>The image that servers run from; null when they run as plain processes.</summary>
    public string? DockerImage { get; init; }

    /// <summary>The <c>mysql</c> client, or null.</summary>
    public ToolCommand? Mysql { get; init; }

    /// <summary><c>mysqldump</c>, or null.</summary>
    public ToolCommand? Mysqldump { get; init; }

    /// <summary><c>mysqlbinlog</c>, or null.</summary>
    public ToolCommand? Mysqlbinlog { get; init; }

    /// <summary><c>mysqladmin</c>, or null.</summary>
    public ToolCommand? Mysqladmin { get; init; }

    /// <summary>
    /// Finds a server: the path in <c>DTSMIGRATE_TEST_MYSQLD</c>, <c>mysqld</c> on PATH, a Docker engine, or packages of the
    /// distribution, which the first call downloads (about 50 MB).
    /// </summary>
    /// <exception cref="MySqlUnavailableException">None of these exists here; the message says what is left.</exception>
    public static Task<MySqlBinaries> FindAsync(CancellationToken cancellationToken) => Found.Value.WaitAsync(cancellationToken);

    /// <summary>
    /// The same for servers that are sources; <c>DTSMIGRATE_TEST_SOURCE_MYSQLD</c> names one of another version, <c>DTSMIGRATE_TEST_SOURCE_MYSQL_VERSION</c> its series.
    /// </summary>
    /// <exception cref="MySqlUnavailableException">As for <see cref="FindAsync"/>.</exception>
    public static Task<MySqlBinaries> FindSourceAsync(CancellationToken cancellationToken) => FoundSource.Value.WaitAsync(cancellationToken);

    /// <summary>A server of one series, such as 5.7, beside the one of <see cref="FindAsync"/>.</summary>
    /// <exception cref="MySqlUnavailableException">There is none here; the message says what is left.</exception>
    public static Task<MySqlBinaries> FindSeriesAsync(string series, CancellationToken cancellationToken) =>
        FoundSeries.GetOrAdd(series, s => new(() => Task.Run(() => SeriesAsync(s, CancellationToken.None)))).Value.WaitAsync(cancellationToken);

    /// <summary>Whether <see cref="FindSeriesAsync"/> has it at hand, without a download.</summary>
    public static bool HasSeries(string series) => UnpackedPackages.Has(series);

    internal static async Task<Version> ReadVersionAsync(ToolCommand mysqld, CancellationToken cancellationToken)
    {
        var text = await mysqld.RunAsync(["--no-defaults", "--version"], null, cancellationToken);
        var match = VersionText().Match(text);
        return match.Success && !text.Contains("MariaDB", StringComparison.OrdinalIgnoreCase)
            ? Version.Parse(match.Groups[1].Value)
            : throw new MySqlUnavailableException($"'{mysqld}' is not a MySQL server, it says '{text.Trim()}'");
    }

    private static async Task<MySqlBinaries> SearchAsync(CancellationToken cancellationToken)
    {
        if (await ChosenAsync(PathVariable, VersionVariable, cancellationToken) is { } chosen)
        {
            return chosen;
        }

        if (ProcessRunner.FindOnPath("mysqld") is { } path && !await IsMariaDbAsync(path, cancellationToken))
        {
            return await InstalledAsync(path, cancellationToken);
        }

        return await DockerMySql.FindAsync(series: null, cancellationToken) ?? await UnpackedPackages.FindAsync(series: null, cancellationToken);
    }

    private static async Task<MySqlBinaries?> ChosenAsync(string pathVariable, string versionVariable, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(pathVariable) is { Length: > 0 } path)
        {
            return await GivenAsync(pathVariable, path, cancellationToken);
        }

        return Environment.GetEnvironmentVariable(versionVariable) is { Length: > 0 } series ? await FindSeriesAsync(series, cancellationToken) : null;
    }

    private static async Task<MySqlBinaries> SeriesAsync(string series, CancellationToken cancellationToken) =>
        await DockerMySql.FindAsync(series, cancellationToken) ?? await UnpackedPackages.FindAsync(series, cancellationToken);

    private static async Task<MySqlBinaries> GivenAsync(string variable, string path, CancellationToken cancellationToken) =>
        File.Exists(path) ? await InstalledAsync(path, cancellationToken) : throw new MySqlUnavailableException($"{variable} names '{path}', which does not exist");

    private static async Task<bool> IsMariaDbAsync(string path, CancellationToken cancellationToken)
    {
        var result = await ProcessRunner.RunAsync(path, ["--no-defaults", "--version"], null, null, cancellationToken);
        return result.Output.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<MySqlBinaries> InstalledAsync(string path, CancellationToken cancellationToken)
    {
        var mysqld = new ToolCommand(Path.GetFullPath(path));
        var folder = Path.GetDirectoryName(mysqld.FileName)!;
        var extension = Path.GetExtension(path);
        ToolCommand? Tool(string name)
        {
            string[] places = [Path.Combine(folder, name + extension), Path.Combine(folder, "..", "bin", name + extension)];
            var file = places.FirstOrDefault(File.Exists) ?? ProcessRunner.FindOnPath(name);
            return file is null ? null : new ToolCommand(Path.GetFullPath(file));
        }

        return new MySqlBinaries
        {
            Version = await ReadVersionAsync(mysqld, cancellationToken),
            Mysqld = mysqld,
            Mysql = Tool("mysql"),
            Mysqldump = Tool("mysqldump"),
            Mysqlbinlog = Tool("mysqlbinlog"),
            Mysqladmin = Tool("mysqladmin"),
        };
    }

    [GeneratedRegex(@"Ver (\d+\.\d+\.\d+)")]
    private static partial Regex VersionText();
}
