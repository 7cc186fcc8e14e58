namespace DtsMigrate.Worker.Views;

/// <summary>Shows a run while it goes on.</summary>
internal interface IRunView
{
    /// <summary>Shows the run until it has ended, and how it ended. Never throws what the run throws.</summary>
    /// <param name="look">The run now; null while there is nothing to see.</param>
    /// <param name="running">The run.</param>
    Task FollowAsync(Func<RunSnapshot?> look, Task running);
}
