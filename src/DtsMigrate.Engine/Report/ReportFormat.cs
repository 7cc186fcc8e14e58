namespace DtsMigrate.Engine.Report;

/// <summary>Form of a report.</summary>
public enum ReportFormat
{
    /// <summary>One HTML file with everything in it.</summary>
    Html,

    /// <summary>Markdown.</summary>
    Markdown,

    /// <summary>JSON.</summary>
    Json,
}
