namespace DtsMigrate.Worker.CommandLine;

/// <summary>What a worker does of a task.</summary>
internal enum RunRole
{
    /// <summary>Everything: it holds the task.</summary>
    All,

    /// <summary>Copies rows beside the worker that holds the task.</summary>
    Copy,
}
