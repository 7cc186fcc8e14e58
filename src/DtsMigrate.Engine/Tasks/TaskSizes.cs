namespace DtsMigrate.Engine.Tasks;

/// <summary>What the sizes mean in numbers, and their names.</summary>
public static class TaskSizes
{
    private static readonly (TaskSize Size, string Name, int Threads, long ChunkBytes)[] Table =
    [
        (TaskSize.Auto, "Auto", 4, 16 << 20),
        (TaskSize.Small, "Small", 2, 8 << 20),
        (TaskSize.Medium, "Medium", 4, 16 << 20),
        (TaskSize.Large, "Large", 8, 16 << 20),
        (TaskSize.XLarge, "XLarge", 16, 32 << 20),
        (TaskSize.XXLarge, "2XLarge", 32, 32 << 20),
    ];

    /// <summary>The names as definitions and parameters write them, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>Copy threads of a size; of Auto the fewest, used until the servers are known.</summary>
    public static int Threads(TaskSize size) => Table[(int)size].Threads;

    /// <summary>Chunk size of a size in bytes.</summary>
    public static long ChunkBytes(TaskSize size) => Table[(int)size].ChunkBytes;

    /// <summary>Name of a size.</summary>
    public static string Name(TaskSize size) => Table[(int)size].Name;

    /// <summary>The size of a name; null when there is none.</summary>
    public static TaskSize? Find(string name) => Table.Where(row => row.Name == name).Select(row => (TaskSize?)row.Size).FirstOrDefault();
}
