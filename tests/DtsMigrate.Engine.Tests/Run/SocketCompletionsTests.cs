using System.Globalization;
using DtsMigrate.Engine.Run;

namespace DtsMigrate.Engine.Tests.Run;

public sealed class SocketCompletionsTests
{
    [Fact]
    public void What_the_user_has_set_stays()
    {
        var before = SocketCompletions.Settings.Select(s => (s.Name, Value: Environment.GetEnvironmentVariable(s.Name))).ToList();
        try
        {
            Environment.SetEnvironmentVariable(before[0].Name, "0");
            Environment.SetEnvironmentVariable(before[1].Name, null);

            SocketCompletions.Enable();

            Assert.Equal("0", Environment.GetEnvironmentVariable(before[0].Name));
            Assert.InRange(int.Parse(Environment.GetEnvironmentVariable(before[1].Name)!, CultureInfo.InvariantCulture), 8, 64);
        }
        finally
        {
            before.ForEach(s => Environment.SetEnvironmentVariable(s.Name, s.Value));
        }
    }
}
