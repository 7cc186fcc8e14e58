namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>What was measured with one data set.</summary>
/// <param name="Set">Its number.</param>
/// <param name="Description">What is in it.</param>
/// <param name="Bytes">Size of all rows as the engine sent them; null when it did not run.</param>
/// <param name="Rounds">How often every contender ran.</param>
/// <param name="Contenders">One line each.</param>
/// <param name="Skipped">Contenders that could not run, and why.</param>
/// <param name="Samples">Every run.</param>
internal sealed record SetReport(
    string Set,
    string Description,
    long? Bytes,
    int Rounds,
    IReadOnlyList<Summary> Contenders,
    IReadOnlyDictionary<string, string> Skipped,
    IReadOnlyList<Sample> Samples);
