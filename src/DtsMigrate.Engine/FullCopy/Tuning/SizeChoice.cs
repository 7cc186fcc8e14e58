using System.Globalization;

namespace DtsMigrate.Engine.FullCopy.Tuning;

/// <summary>Size Auto: copy threads from what both servers show.</summary>
/// <param name="Threads">Copy threads.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record SizeChoice(int Threads, string Reason)
{
    private const int Fewest = 4;
    private const int Most = 16;

    /// <summary>Hosted servers have about this much buffer pool for each processor.</summary>
    private const long BytesPerProcessor = 4L << 30;

    /// <summary>A copy takes at most this share of the connections that are free.</summary>
    private const int ConnectionShare = 4;

    /// <summary>
    /// One thread for each processor of the smaller server, from 4 to 16; fewer where connections are scarce. The upper bound is there because the hints are weak and because more
    /// writers than that seldom help one server.
    /// </summary>
    public static SizeChoice Of(ServerCapacity source, ServerCapacity destination)
    {
        (int fromSource, string sourceHint) = Processors(source, "source");
        (int fromDestination, string destinationHint) = Processors(destination, "destination");
        int threads = Math.Clamp(Math.Min(fromSource, fromDestination), Fewest, Most);
        string reason = fromSource < fromDestination ? sourceHint : destinationHint;
        long free = Math.Min(source.FreeConnections, destination.FreeConnections) / ConnectionShare;
        return free < threads
            ? new SizeChoice((int)Math.Max(1, free), "only few connections are free")
            : new SizeChoice(threads, reason);
    }

    private static (int Count, string Hint) Processors(ServerCapacity server, string role)
    {
        double gibibytes = server.BufferPoolBytes / (double)(1L << 30);
        return server.Processors is { } shown
            ? (shown, string.Create(CultureInfo.InvariantCulture, $"the {role} shows about {shown} processors"))
            : ((int)Math.Min(int.MaxValue, server.BufferPoolBytes / BytesPerProcessor), string.Create(CultureInfo.InvariantCulture, $"the buffer pool of the {role} has {gibibytes:0.#} GiB"));
    }
}
