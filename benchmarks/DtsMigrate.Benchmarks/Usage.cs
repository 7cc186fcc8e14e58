namespace DtsMigrate.Benchmarks;

/// <summary>What the program says when it is not told what to do.</summary>
internal static class Usage
{
    public const string Text = """
        Usage: dotnet run -c Release --project benchmarks/DtsMigrate.Benchmarks -- COMMAND

          full-copy [--rows N] [--rounds N] [--only TEXT] [--json]
              Copies the same tables by every contender in turn, on the same two servers, and prints a table.
              --rows    rows of each of the four tables; default 250000
              --rounds  how often every contender runs; default 3
              --only    only contenders whose name holds the text, for example ours
              --json    prints JSON instead of the table; progress goes to standard error either way

          micro [BenchmarkDotNet arguments]
              Measures the hot paths without any server; all of them by default, or for example --filter *Gtid*

        Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no MySQL server on this machine.
        """;
}
