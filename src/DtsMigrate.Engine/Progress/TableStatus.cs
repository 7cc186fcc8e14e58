namespace DtsMigrate.Engine.Progress;

/// <summary>Where one table is, flat for pipelines. <c>tables.json</c> holds one per selected table.</summary>
public sealed record TableStatus
{
    /// <summary>Task.</summary>
    public required string Task { get; init; }

    /// <summary>Table on the source, <c>database.table</c>.</summary>
    public required string Table { get; init; }

    /// <summary>Table on the destination, <c>database.table</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>State: a name of <see cref="Checkpoint.TableCopyState"/>.</summary>
    public required string State { get; init; }

    /// <summary>Share of its rows that are copied, 0..100, by the estimate; 100 once its copy is done.</summary>
    public double Percent { get; init; }

    /// <summary>Rows copied and committed.</summary>
    public long Rows { get; init; }

    /// <summary>Estimate of its rows; never less than <see cref="Rows"/>.</summary>
    public long RowsEstimate { get; init; }

    /// <summary>Bytes copied, as sent.</summary>
    public long Bytes { get; init; }

    /// <summary>Rows copied per second, smoothed over about ten seconds.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>Row changes applied to it in this run.</summary>
    public long Changes { get; init; }

    /// <summary>Why the task goes on without the table; null unless it is Stopped.</summary>
    public string? StopReason { get; init; }

    /// <summary>Row changes of the source that were left out: since the table was stopped, or because their kind is not selected.</summary>
    public long ChangesLeftOut { get; init; }
}
