namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>All that was measured.</summary>
/// <param name="MySqlVersion">Version of both servers.</param>
/// <param name="Cores">Processors, shared by the servers and the contenders.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="LoadBefore">Load average over a minute before the servers were started.</param>
/// <param name="Sets">One for each data set.</param>
internal sealed record Report(string MySqlVersion, int Cores, DateTimeOffset StartedAt, double? LoadBefore, IReadOnlyList<SetReport> Sets);
