using System.Text;
using System.Text.Json;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Report;

/// <summary>Reads <c>samples.jsonl</c>, and what it was before it grew too long, as a bounded number of points: a chart of a week needs no more of them than one of an hour.</summary>
internal static class SampleReader
{
    private const int Points = 360;

    /// <summary>The points: each the last sample of its share of the time with the mean of its rates and the worst of its lag.</summary>
    public static IReadOnlyList<StatusSample> Read(TaskFolder folder)
    {
        string[] files = [Path.ChangeExtension(folder.SamplesFile, ".old.jsonl"), folder.SamplesFile];
        (DateTimeOffset First, DateTimeOffset Last)? range = null;
        foreach (StatusSample sample in files.SelectMany(Lines))
        {
            range = (range?.First ?? sample.Time, sample.Time);
        }

        if (range is not { } seen)
        {
            return [];
        }

        double width = Math.Max(1, (seen.Last - seen.First).TotalSeconds / Points);
        return [.. files.SelectMany(Lines).GroupBy(sample => (int)((sample.Time - seen.First).TotalSeconds / width)).Select(Merge)];
    }

    private static StatusSample Merge(IEnumerable<StatusSample> samples)
    {
        List<StatusSample> all = [.. samples];
        return all[^1] with
        {
            RowsPerSecond = Math.Round(all.Average(static sample => sample.RowsPerSecond), 1),
            MegabytesPerSecond = Math.Round(all.Average(static sample => sample.MegabytesPerSecond), 2),
            ChangesPerSecond = Math.Round(all.Average(static sample => sample.ChangesPerSecond), 1),
            LagSeconds = all.Max(static sample => sample.LagSeconds),
        };
    }

    private static IEnumerable<StatusSample> Lines(string path)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using var reader = new StreamReader(AtomicFile.Open(path), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is { } sample)
            {
                yield return sample;
            }
        }
    }

    // The last line may be half written; one point fewer is no loss to a chart.
    private static StatusSample? Parse(string line)
    {
        try
        {
            return TaskJson.Read<StatusSample>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
