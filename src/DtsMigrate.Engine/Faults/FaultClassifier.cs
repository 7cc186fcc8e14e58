namespace DtsMigrate.Engine.Faults;

/// <summary>The one place that decides whether a failure may be retried: by exception type and errno, never by text.</summary>
public static class FaultClassifier
{
    /// <summary>Classifies a failure.</summary>
    public static FaultClass Classify(Exception exception) => throw new NotImplementedException();
}
