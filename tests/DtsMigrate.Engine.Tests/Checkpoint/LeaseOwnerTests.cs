using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.Tests.Checkpoint;

public class LeaseOwnerTests
{
    [Fact]
    public void A_signature_tells_machine_and_source()
    {
        string owner = LeaseOwner.Create("0f-1e");
        Assert.Equal(Environment.MachineName, LeaseOwner.Machine(owner));
        Assert.Equal("0f-1e", LeaseOwner.SourceUuid(owner));
        Assert.NotEqual(owner, LeaseOwner.Create("0f-1e"));
    }

    [Fact]
    public void A_signature_without_a_source_is_of_no_source() => Assert.Empty(LeaseOwner.SourceUuid("machine:1:random"));
}
