using System.Text;
using DtsMigrate.MySql.Auth;

namespace DtsMigrate.MySql.Tests.Auth;

public sealed class ScrambleTests
{
    private static readonly byte[] Password = Encoding.UTF8.GetBytes("s3cr\u00e9t");
    private static readonly byte[] Challenge = Encoding.ASCII.GetBytes("ABCDEFGHIJKLMNOPQRST");

    // Expected values computed by an independent program from the formulas of the manual.
    [Fact]
    public void The_native_answer_is_the_manuals_formula() =>
        Assert.Equal("315171AF9E7D500E89793D246310012EA81439F3", Convert.ToHexString(Scramble.Native(Password, Challenge)));

    [Fact]
    public void The_caching_sha2_answer_is_the_manuals_formula() =>
        Assert.Equal("08368D106E8A068C24B5FC4947F823AE01CCAEDEEA304B04603114CF2E525CB7", Convert.ToHexString(Scramble.CachingSha2(Password, Challenge)));

    [Fact]
    public void An_empty_password_needs_no_answer()
    {
        Assert.Empty(Scramble.Native([], Challenge));
        Assert.Equal([0], Scramble.CachingSha2([], Challenge));
    }
}
