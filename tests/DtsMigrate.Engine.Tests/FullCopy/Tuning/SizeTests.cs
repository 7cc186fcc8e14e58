using System.Globalization;
using System.Text.RegularExpressions;
using DtsMigrate.Engine.FullCopy.Tuning;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.FullCopy.Tuning;

public sealed class SizeTests
{
    [Theory]
    [InlineData(1, 1, null, 4, "the buffer pool of the destination has 1 GiB")]
    [InlineData(64, 32, null, 8, "the buffer pool of the destination has 32 GiB")]
    [InlineData(24, 64, null, 6, "the buffer pool of the source has 24 GiB")]
    [InlineData(512, 512, null, 16, "the buffer pool of the destination has 512 GiB")]
    [InlineData(512, 512, 10, 10, "the destination shows about 10 processors")]
    public void Auto_takes_a_thread_for_each_processor_of_the_smaller_server(long source, long destination, int? processors, int threads, string reason)
    {
        SizeChoice choice = SizeChoice.Of(Server(source), Server(destination) with { Processors = processors });

        Assert.Equal((threads, reason), (choice.Threads, choice.Reason));
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(3, 1)]
    [InlineData(-5, 1)]
    public void Auto_leaves_connections_to_others(long free, int threads)
    {
        SizeChoice choice = SizeChoice.Of(Server(64) with { FreeConnections = free }, Server(64));

        Assert.Equal((threads, "only few connections are free"), (choice.Threads, choice.Reason));
    }

    [Fact]
    public void Given_numbers_win_over_the_size()
    {
        Assert.Equal((8, 16L << 20), Of(new TaskOptions { Size = TaskSize.Large }));
        Assert.Equal((3, 16L << 20), Of(new TaskOptions { Size = TaskSize.Large, CopyThreads = 3 }));
        Assert.Equal((2, 1L << 20), Of(new TaskOptions { ChunkBytes = 1 << 20, Size = TaskSize.Small }));
        Assert.Equal((4, 16L << 20), Of(new TaskOptions()));

        static (int, long) Of(TaskOptions options) => (options.CopyThreads, options.ChunkBytes);
    }

    [Fact]
    public void The_manual_says_what_the_sizes_are_in_numbers()
    {
        string manual = File.ReadAllText(Repository.File("docs/task.md"));
        foreach (TaskSize size in Enum.GetValues<TaskSize>().Where(size => size != TaskSize.Auto))
        {
            string row = string.Create(CultureInfo.InvariantCulture, $"| `{TaskSizes.Name(size)}` | {TaskSizes.Threads(size)} | {TaskSizes.ChunkBytes(size) >> 20} MiB |");
            Assert.Contains(row, manual, StringComparison.Ordinal);
            Assert.Equal(size, TaskSizes.Find(TaskSizes.Name(size)));
        }

        Assert.Matches(new Regex(@"\| `Auto` \| 4 to 16"), manual);
    }

    private static ServerCapacity Server(long gibibytes) => new() { BufferPoolBytes = gibibytes << 30, FreeConnections = 1000 };
}
