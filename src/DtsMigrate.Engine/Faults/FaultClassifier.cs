namespace DtsMigrate.Engine.Faults;

/// <summary>The one place that decides whether a failure may be retried: by exception type and errno, never by text.</summary>
public static class FaultClassifier
{
    /// <summary>Classifies a failure.</summary>
    /// <param name="exception">The failure; its inner exceptions count, too.</param>
    /// <param name="established">
    /// The server has been worked with before in this run. False at first contact, when a wrong password, host or port is far more likely than an outage:
    /// then only a server that says itself to be full or busy for now is tried again.
    /// </param>
    public static FaultClass Classify(Exception exception, bool established = true) => throw new NotImplementedException(exception?.Message + established);
}
