namespace DtsMigrate.Engine.Precheck;

/// <summary>One check. It reads, never writes.</summary>
internal interface IPrecheck
{
    /// <summary>Stable code of the item.</summary>
    string Code { get; }

    /// <summary>Category, see <see cref="PrecheckCategory"/>.</summary>
    string Category { get; }

    /// <summary>What must have been read before this check can judge.</summary>
    PrecheckNeeds Needs { get; }

    /// <summary>A failure may be ignored by somebody who knows why it does no harm; the decision is recorded and told in the log.</summary>
    bool CanIgnore => false;

    /// <summary>Other checks build upon what this one reads: it runs even where only failed items are run again.</summary>
    bool Provides => false;

    /// <summary>True when the check has something to say about the task; otherwise it is reported as skipped.</summary>
    bool AppliesTo(PrecheckContext context);

    /// <summary>Judges. Several findings become several results; none means passed without a word, which no check should do.</summary>
    Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken);
}
