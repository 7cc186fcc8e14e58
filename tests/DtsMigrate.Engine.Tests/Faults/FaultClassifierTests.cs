using System.Net.Sockets;
using DtsMigrate.Engine.Faults;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Faults;

public class FaultClassifierTests
{
    [Theory]
    [InlineData(FaultClass.RetryConnection, 1040, 1053, 1158, 1159, 1160, 1161, 2006, 2013, 3168, 4031)]
    [InlineData(FaultClass.RetryOther, 1205, 1213, 1290, 1317, 1836, 3100)]
    [InlineData(FaultClass.Split, 1153)]
    [InlineData(FaultClass.WaitForSpace, 20, 1021, 1041, 1114, 1878)]
    [InlineData(FaultClass.WaitForUser, 1026, 1045, 1142)]
    [InlineData(FaultClass.Stop, 1054, 1062, 1136, 1146, 1236, 1366, 3144, 1064, 9999)]
    public void Server_errors_are_classified_by_number(FaultClass expected, params int[] numbers) =>
        Assert.All(numbers, errno => Assert.Equal(expected, FaultClassifier.Classify(Server(errno))));

    [Theory]
    [InlineData(FaultClass.RetryConnection, 1040, 1053)]
    [InlineData(FaultClass.RetryOther, 1205, 1213)]
    [InlineData(FaultClass.Stop, 1045, 1049, 1044, 1130, 1142, 2013)]
    public void At_first_contact_only_what_passes_by_itself_is_retried(FaultClass expected, params int[] numbers) =>
        Assert.All(numbers, errno => Assert.Equal(expected, FaultClassifier.Classify(Server(errno), established: false)));

    [Fact]
    public void A_lost_connection_is_retried_once_the_server_is_known()
    {
        var lost = new MySqlConnectionException("ConnectionLost", "lost");

        Assert.Equal(FaultClass.RetryConnection, FaultClassifier.Classify(lost));
        Assert.Equal(FaultClass.RetryConnection, FaultClassifier.Classify(new SocketException()));
        Assert.Equal(FaultClass.Stop, FaultClassifier.Classify(lost, established: false));
        Assert.Equal(FaultClass.Stop, FaultClassifier.Classify(new MySqlConnectionException("HostUnknown", "unknown"), established: false));
    }

    [Fact]
    public void A_connection_error_that_a_setting_causes_is_not_retried() =>
        Assert.Equal(FaultClass.Stop, FaultClassifier.Classify(new MySqlConnectionException("TlsUnavailable", "no TLS") { IsTransient = false }));

    [Fact]
    public void The_cause_inside_decides() => Assert.Equal(
        FaultClass.RetryOther,
        FaultClassifier.Classify(new DtsMigrateException("ChunkFailed", "chunk 3", new InvalidOperationException("x", Server(1213)))));

    [Theory]
    [InlineData("AmbiguousCommit")]
    [InlineData("LeaseLost")]
    public void What_must_not_be_tried_again_stops_whatever_caused_it(string code) =>
        Assert.Equal(FaultClass.Stop, FaultClassifier.Classify(new DtsMigrateException(code, "x", new MySqlConnectionException("ConnectionLost", "lost"))));

    [Fact]
    public void Of_several_failures_the_worst_decides()
    {
        Assert.Equal(FaultClass.Stop, FaultClassifier.Classify(new AggregateException(Server(1213), Server(1062))));
        Assert.Equal(FaultClass.RetryOther, FaultClassifier.Classify(new AggregateException(Server(2013), Server(1213))));
    }

    [Fact]
    public void An_own_error_says_itself_whether_it_passes()
    {
        Assert.Equal(FaultClass.RetryOther, FaultClassifier.Classify(new DtsMigrateException("X", "x") { IsTransient = true }));
        Assert.Equal(FaultClass.Stop, FaultClassifier.Classify(new DtsMigrateException("X", "x")));
    }

    [Fact]
    public void Errors_of_protocol_and_program_and_cancellation_stop()
    {
        Assert.Equal(FaultClass.Stop, FaultClassifier.Classify(new MySqlProtocolException("x", new SocketException())));
        Assert.Equal(FaultClass.Stop, FaultClassifier.Classify(new InvalidOperationException()));
        Assert.Equal(FaultClass.Stop, FaultClassifier.Classify(new OperationCanceledException("x", new SocketException())));
    }

    private static MySqlServerException Server(int errno) => new(errno, "HY000", "text does not matter: Deadlock found");
}
