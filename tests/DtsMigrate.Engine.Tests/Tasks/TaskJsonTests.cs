using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DtsMigrate.Engine.Alerts;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Tests.Tasks;

/// <summary>Descriptions made at build time must write what reflection would: files of older versions and readers elsewhere depend on it.</summary>
public sealed class TaskJsonTests
{
    private static readonly DateTimeOffset At = new(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);

    private static readonly JsonSerializerOptions ByReflection = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    [Fact]
    public void Commands_are_written_as_by_reflection()
    {
        foreach (TaskCommandKind kind in Enum.GetValues<TaskCommandKind>())
        {
            AssertSame(new TaskCommand("a", kind, At, new ThrottleChange { FullRowsPerSecond = 5 }));
        }
    }

    [Fact]
    public void Statements_are_written_as_by_reflection() => AssertSame(new DdlRecord
    {
        Id = 1,
        Position = "3E11FA47-71CA-11E1-9E33-C80AA9429562:23",
        Kind = "AlterTable",
        DefaultDatabase = "shop",
        Statement = "ALTER TABLE `naïve <b>` ADD x INT -- 'ü'",
        Objects = "shop.t",
        Outcome = DdlOutcome.Begun,
        BegunAt = At,
        Before = "not for readers",
    });

    [Fact]
    public void Log_lines_and_alerts_are_written_as_by_reflection()
    {
        AssertSame(new LogEntry(At, LogLevel.Warning, "FullCopy", "a \"quoted\"\nline"));
        AssertSame(new Alert("shop", "Lag", "Fired", "late", "Replicating", 1.5, null, "host", At));
    }

    [Fact]
    public void What_is_not_the_engine_s_own_is_refused() => Assert.Throws<NotSupportedException>(() => TaskJson.Write(new Uri("http://localhost")));

    private static void AssertSame<T>(T value)
    {
        string written = TaskJson.Write(value);
        Assert.Equal(JsonSerializer.Serialize(value, ByReflection), written);
        Assert.Equal(written, TaskJson.Write(TaskJson.Read<T>(written)!));
    }
}
