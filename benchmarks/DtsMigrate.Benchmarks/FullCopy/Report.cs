namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>All that was measured.</summary>
/// <param name="MySqlVersion">Version of both servers.</param>
/// <param name="Cores">Processors, shared by the servers and the contenders.</param>
/// <param name="LoadBefore">Load average over a minute before the servers were started.</param>
/// <param name="RowsPerTable">Rows of each of the four tables.</param>
/// <param name="Bytes">Size of all rows as tab-separated text.</param>
/// <param name="Rounds">How often every contender ran.</param>
/// <param name="Contenders">One line each.</param>
/// <param name="Skipped">Contenders that could not run, and why.</param>
/// <param name="Samples">Every run.</param>
internal sealed record Report(
    string MySqlVersion,
    int Cores,
    double? LoadBefore,
    int RowsPerTable,
    long Bytes,
    int Rounds,
    IReadOnlyList<Summary> Contenders,
    IReadOnlyDictionary<string, string> Skipped,
    IReadOnlyList<Sample> Samples);
