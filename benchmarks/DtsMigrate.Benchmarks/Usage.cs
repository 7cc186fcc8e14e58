namespace DtsMigrate.Benchmarks;

/// <summary>What the program says when it is not told what to do.</summary>
internal static class Usage
{
    public const string Text = """
        Usage: dotnet run -c Release --project benchmarks/DtsMigrate.Benchmarks -- COMMAND

          full-copy [--set N,N] [--scale X] [--rounds N] [--only TEXT]... [--json FILE] [--worker FILE]
              Copies a data set by every contender in turn, on the same two servers, and prints a table.
              --set     data sets: 1 four tables like sysbench's, 2 mixed types with six indexes and a foreign key,
                        3 blobs of 10 KB, 4 two thousand small tables; default 1
              --scale   their size, 1 is the whole (776 MB for set 1); default 0.25
              --rounds  how often every contender runs; default 3
              --only    only contenders whose name holds the text, for example ours; may be given several times
              --json    also writes all that was measured to a file
              --worker  the engine's program (dtsmigrate or dtsmigrate.dll); default: as built with this one

          incremental [--workload LETTERS] [--scale X] [--only TEXT]... [--lag SECONDS] [--json FILE]
              Applies recorded changes by MySQL's own replica and by the engine in turn, and prints a table of bars.
              --workload  A small transactions, B large ones, C hot rows, D inserts with three unique keys; default ABCD
              --scale     their size, 1 is the whole; default 0.25
              --lag       how long the lag under a steady load is measured; 0 for not at all, default 20

          scale [--gigabytes N,N] [--narrow] [--tables N] [--json FILE] [--worker FILE]
              Shows what the engine takes as data grows: one table of each size, then so many small tables.
              --narrow  rows of two numbers, about 17 bytes, instead of about 197

          tables [--tables N] [--json FILE] [--worker FILE]
              Prechecks and creates many empty tables; default 10000.

          micro [BenchmarkDotNet arguments]
              Measures the hot paths without any server; all of them by default, or for example --filter *Gtid*

        Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no MySQL server on this machine.
        """;
}
