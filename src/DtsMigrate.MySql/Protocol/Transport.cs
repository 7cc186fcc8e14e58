using System.Net.Sockets;
using System.Runtime.CompilerServices;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Protocol;

/// <summary>
/// The byte stream to one server: socket, later TLS over it, time limits, and the one place that turns I/O faults into
/// <see cref="MySqlConnectionException"/>. Cancelling a half-done read or write would leave the stream out of step, so the only way
/// to interrupt one is <see cref="Abort"/>, which closes the socket.
/// </summary>
internal sealed class Transport : IDisposable
{
    private readonly Socket _socket;
    private readonly SilenceWatchdog _readWatch;
    private readonly SilenceWatchdog _writeWatch;
    private int _abortReason;

    public Transport(Socket socket, string endpoint, TimeProvider time)
    {
        _socket = socket;
        Endpoint = endpoint;
        Stream = new NetworkStream(socket, ownsSocket: false);
        _readWatch = new SilenceWatchdog(time, () => Abort(AbortReason.ReadTimeout));
        _writeWatch = new SilenceWatchdog(time, () => Abort(AbortReason.WriteTimeout));
    }

    /// <summary>Host and port for error texts.</summary>
    public string Endpoint { get; }

    /// <summary>The stream in use: the socket's, or TLS over it once <see cref="Stream"/> is replaced.</summary>
    public Stream Stream { get; set; }

    /// <summary>Longest silence while a read is pending.</summary>
    public TimeSpan ReadLimit { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Longest time one write may be pending.</summary>
    public TimeSpan WriteLimit { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Why the socket was closed by this side; <see cref="AbortReason.None"/> while it is open.</summary>
    public AbortReason Aborted => (AbortReason)Volatile.Read(ref _abortReason);

    /// <summary>Closes the socket at once; pending reads and writes fail. The first reason stays. Any thread may call it.</summary>
    public void Abort(AbortReason reason)
    {
        if (Interlocked.CompareExchange(ref _abortReason, (int)reason, (int)AbortReason.None) == (int)AbortReason.None)
        {
            _socket.Dispose();
        }
    }

    /// <summary>Reads at least one byte.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        ValueTask<int> pending;
        try
        {
            pending = Stream.ReadAsync(buffer, CancellationToken.None);
        }
        catch (Exception fault) when (IsIoFault(fault))
        {
            throw Describe(fault);
        }

        if (!pending.IsCompletedSuccessfully)
        {
            return AwaitReadAsync(pending);
        }

        int read = pending.Result;
        return read > 0 ? new ValueTask<int>(read) : throw Describe(null);
    }

    /// <summary>Writes all bytes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var pending = Stream.WriteAsync(bytes, CancellationToken.None);
            if (pending.IsCompletedSuccessfully)
            {
                return;
            }

            _writeWatch.Arm(WriteLimit);
            try
            {
                await pending.ConfigureAwait(false);
            }
            finally
            {
                _writeWatch.Disarm();
            }
        }
        catch (Exception fault) when (IsIoFault(fault))
        {
            throw Describe(fault);
        }
    }

    /// <summary>The error for an I/O fault, or for the abort that caused it.</summary>
    public MySqlConnectionException Describe(Exception? fault)
    {
        var reason = Aborted;
        Abort(AbortReason.Closed);
        return reason switch
        {
            AbortReason.ReadTimeout => new("ReadTimeout", $"{Endpoint} sent nothing for {ReadLimit.TotalSeconds:0.###} s while an answer was due.", fault),
            AbortReason.WriteTimeout => new("WriteTimeout", $"{Endpoint} accepted no data for {WriteLimit.TotalSeconds:0.###} s.", fault),
            AbortReason.ConnectTimeout => new("ConnectTimeout", $"{Endpoint} did not complete connect, TLS and authentication in time.", fault),
            AbortReason.Cancelled => new("ConnectionLost", $"The connection to {Endpoint} was closed because the running command was cancelled.", fault),
            AbortReason.ProtocolViolation => new("ConnectionLost", $"The connection to {Endpoint} was closed because the server broke the protocol.", fault),
            AbortReason.Closed => new("ConnectionLost", $"The connection to {Endpoint} is closed.", fault),
            _ => new("ConnectionLost", $"The connection to {Endpoint} was lost{(fault is null ? ": the server closed it" : $": {fault.Message}")}", fault),
        };
    }

    public static bool IsIoFault(Exception fault) =>
        fault is IOException or SocketException or ObjectDisposedException or InvalidOperationException or NotSupportedException;

    public void Dispose()
    {
        Abort(AbortReason.Closed);
        _readWatch.Dispose();
        _writeWatch.Dispose();
        Stream.Dispose();
        _socket.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitReadAsync(ValueTask<int> pending)
    {
        int read;
        try
        {
            _readWatch.Arm(ReadLimit);
            try
            {
                read = await pending.ConfigureAwait(false);
            }
            finally
            {
                _readWatch.Disarm();
            }
        }
        catch (Exception fault) when (IsIoFault(fault))
        {
            throw Describe(fault);
        }

        return read > 0 ? read : throw Describe(null);
    }
}
