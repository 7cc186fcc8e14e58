using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>
/// Carries calls from an asynchronous body to the pipeline thread, which alone may write. One body per instance.
/// On stop the body is cancelled and drained for a bounded time before the pipeline ends; what it sends after that is dropped.
/// </summary>
internal sealed class PipelineThread : IDisposable
{
    private const int QueueLength = 256;

    private readonly BlockingCollection<Action> _queue = new(QueueLength);
    private readonly CancellationTokenSource _closed = new();
    private readonly TimeSpan _drainLimit;
    private bool _abandoned;

    public PipelineThread(TimeSpan drainLimit, CancellationToken stop)
    {
        StopToken = stop;
        _drainLimit = drainLimit;
    }

    /// <summary>Fires on Ctrl+C.</summary>
    public CancellationToken StopToken { get; }

    /// <summary>Sends a call, for example to <c>WriteObject</c>; waits while the queue is full. Called by the body.</summary>
    public void Post(Action call)
    {
        try
        {
            _queue.Add(call, _closed.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            // The pipeline has gone; nobody is left to read what the body still says.
            throw new OperationCanceledException("The pipeline has ended.", e);
        }
    }

    /// <summary>Sends a question, for example <c>ShouldContinue</c>, and waits for its answer. Called by the body.</summary>
    public async Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(question());
            }
#pragma warning disable CA1031 // The failure belongs to the body that asked.
            catch (Exception e)
#pragma warning restore CA1031
            {
                answer.SetException(e);
            }
        });
        return await answer.Task.WaitAsync(_closed.Token).ConfigureAwait(false);
    }

    /// <summary>Runs the body; called by the pipeline thread.</summary>
    /// <param name="body">The body.</param>
    /// <param name="cancel">Cancels the body, when a later command of the pipeline wants no more.</param>
    public void Run(Func<PipelineThread, Task> body, Action cancel)
    {
        Task task = Task.Run(() => body(this), CancellationToken.None);
        Task end = task.ContinueWith(_ => _queue.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Exception? refused = Pump();
        if (refused is not null)
        {
            cancel();
        }

        // After a stop the pump has left its loop, and the body may still be ending: give it its time, then let it go.
        _closed.Cancel();
        if (!end.Wait(_drainLimit))
        {
            _abandoned = true;
            _ = task.ContinueWith(ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new PipelineStoppedException();
        }

        if (refused is not null)
        {
            ExceptionDispatchInfo.Throw(refused);
        }

        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    public void Dispose()
    {
        // A body that outlived the drain may still touch the queue; the collector frees it then.
        if (!_abandoned)
        {
            _queue.Dispose();
            _closed.Dispose();
        }
    }

    /// <summary>Runs the calls until the body has ended or the pipeline stops.</summary>
    /// <returns>What a call threw: a later command wants no more, or the host refused.</returns>
    private Exception? Pump()
    {
        try
        {
            foreach (Action call in _queue.GetConsumingEnumerable(StopToken))
            {
                call();
            }
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Whatever a Write… method throws is thrown again once the body has ended.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }

        return null;
    }
}
