using System.Management.Automation;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Errors;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>
/// What all cmdlets of the module share: an asynchronous body whose output reaches the pipeline thread, cancellation, and errors through one mapper.
/// </summary>
public abstract class MigrationCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    /// <summary>Fires when the user presses Ctrl+C or a later command ends the pipeline.</summary>
    protected CancellationToken PipelineStopToken => _stop.Token;

    /// <summary>How long a stopped pipeline waits for the body to end.</summary>
    protected virtual TimeSpan DrainLimit => TimeSpan.FromSeconds(5);

    /// <summary>Frees what the cmdlet holds; PowerShell calls it also when the pipeline is stopped.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the cmdlet holds.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => Cancel();

    /// <summary>
    /// Runs a body on the thread pool and, on this thread, everything that it sends: <c>Write…</c> methods work here only.
    /// Returns when the body has ended; its exception is thrown here.
    /// </summary>
    /// <param name="body">The body; it gets the pipeline to send to.</param>
    internal void RunAsync(Func<PipelineThread, Task> body)
    {
        using var pipeline = new PipelineThread(DrainLimit, PipelineStopToken);
        pipeline.Run(body, Cancel);
    }

    /// <summary>Gives a file that was written as Get-Item does: the shell's view of files shows what its provider adds to them.</summary>
    /// <param name="path">Full path.</param>
    private protected void GiveFile(string path) =>
        WriteObject(InvokeProvider.Item.Get([@"Microsoft.PowerShell.Core\FileSystem::" + path], force: true, literalPath: true), enumerateCollection: true);

    /// <summary>Runs an action for one input; its failure becomes a non-terminating error, so that the next input still has its turn.</summary>
    /// <param name="target">The user's object, for the error.</param>
    /// <param name="action">The action.</param>
    protected void ForInput(object? target, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            action();
        }
        catch (DtsMigrateException e)
        {
            WriteError(ErrorRecordMapper.Map(e, target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(ErrorRecordMapper.Map(e, target));
        }
    }

    private void Cancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pipeline ended by itself at the same moment: there is nothing left to stop.
        }
    }
}
