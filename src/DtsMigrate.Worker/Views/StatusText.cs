using System.Globalization;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Worker.Views;

/// <summary>Status in words.</summary>
internal static class StatusText
{
    /// <summary>What must differ to make a new line worth while: not a rate that fades or an estimate that drifts.</summary>
    public static string ChangeKey(MigrationStatus status) =>
        string.Create(CultureInfo.InvariantCulture, $"{status.State}|{status.RowsCopied}|{status.TablesDone}|{status.ChangesApplied}|{status.LagSeconds is > 1}|{status.Message}|{status.ThrottleReason}|{status.Error}");

    /// <summary>The status in one line.</summary>
    public static string Line(MigrationStatus status)
    {
        var parts = new List<string> { status.State };
        if (status.State is nameof(TaskState.FullCopy) && status.TablesTotal > 0)
        {
            parts.Add(Copied(status));
            parts.Add(Number($"{status.RowsPerSecond:N0} rows/s, {status.MegabytesPerSecond:N1} MB/s"));
            parts.Add(Number($"tables {status.TablesDone}/{status.TablesTotal}"));
        }
        else if (status.State is nameof(TaskState.CatchingUp) or nameof(TaskState.Replicating))
        {
            parts.Add(Stream(status));
        }
        else if (status.Message.Length > 0)
        {
            parts.Add(status.Message);
        }

        if (status.EtaSeconds is { } eta)
        {
            parts.Add("ETA " + Duration(eta));
        }

        if (status.ThrottleReason is not null)
        {
            parts.Add(status.ThrottleReason);
        }

        return string.Join(" | ", parts);
    }

    /// <summary>The status as names and values.</summary>
    public static IEnumerable<(string Name, string Value)> Lines(MigrationStatus status)
    {
        yield return ("Task", status.Name);
        yield return ("State", status.Phase.Length > 0 && status.Phase != status.State ? $"{status.State} (in {status.Phase})" : status.State);
        yield return ("Message", status.Message);
        if (status.TablesTotal > 0)
        {
            yield return ("Copied", Copied(status));
            yield return ("Tables", Number($"{status.TablesDone} of {status.TablesTotal} done"));
            yield return ("Speed", Number($"{status.RowsPerSecond:N0} rows/s, {status.MegabytesPerSecond:N1} MB/s"));
        }

        if (status.ThrottleReason is not null)
        {
            yield return ("Slowed", status.ThrottleReason);
        }

        if (status.Position is not null)
        {
            yield return ("Stream", Stream(status));
            if (status.ChangesLeftOut > 0)
            {
                yield return ("Left out", Number($"{status.ChangesLeftOut:N0} changes, of kinds that are not selected"));
            }

            if (status.ApplyMode is not null)
            {
                yield return ("Apply mode", $"{status.ApplyMode}: {status.ApplyModeReason}");
            }

            yield return ("Position", status.Position);
        }

        if (status.EtaSeconds is { } eta)
        {
            yield return ("ETA", Duration(eta));
        }

        if (status.Error is not null)
        {
            yield return ("Error", $"{status.Error} [{status.ErrorCode}]");
        }

        if (status.RecommendedAction is not null)
        {
            yield return ("What to do", status.RecommendedAction);
        }

        yield return ("Worker", status.WorkerPid is { } pid ? Number($"process {pid} on {status.Host}") : "none");
        yield return ("Updated", status.UpdatedAt.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    /// <summary>Share and rows copied.</summary>
    public static string Copied(MigrationStatus status) => Number($"{status.Percent ?? 0:0.0} %, {Rows(status)}");

    /// <summary>Rows copied.</summary>
    public static string Rows(MigrationStatus status) =>
        Number($"{status.RowsCopied:N0} of {(status.TablesDone == status.TablesTotal ? string.Empty : "about ")}{status.RowsTotalEstimate:N0} rows");

    /// <summary>The stream in words.</summary>
    public static string Stream(MigrationStatus status) =>
        Number($"lag {(status.LagSeconds is { } lag ? Duration(lag) : "unknown")}, {status.ChangesApplied:N0} changes applied, {status.ChangesPerSecond:N0} changes/s");

    /// <summary>A number of seconds as people read it.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 1 when seconds > 0 => Number($"{seconds:0.0} s"),
        < 60 => Number($"{seconds:0} s"),
        < 86400 => TimeSpan.FromSeconds(seconds).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        _ => TimeSpan.FromSeconds(seconds).ToString(@"d\ \d\ h\:mm\:ss", CultureInfo.InvariantCulture),
    };

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
