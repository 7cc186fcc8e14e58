namespace DtsMigrate.Engine.FullCopy;

/// <summary>Finds the tables of claimed chunks.</summary>
internal interface ICopyTables
{
    /// <summary>The table of that number, ready to be copied: its statements are set.</summary>
    /// <param name="number">Number of the table in the task.</param>
    /// <param name="sessions">The caller's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<TableWork> GetAsync(int number, CopySessions sessions, CancellationToken cancellationToken);
}
