namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The account may read the text of every view, routine, trigger and event, and the text is understood.</summary>
internal sealed class ObjectDefinitionsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ObjectDefinitions";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        return context.Objects.Unreadable.Count == 0
            ? [Finding.Passed("source", $"{objects.Count} definitions of views, routines, triggers and events can be read.")]
            : [.. context.Objects.Unreadable.Select(u => Finding.Failed(
                u.Name.Name.ToString(), $"The definition of {u.Name} cannot be read: {u.Reason}", "Grant the account SHOW VIEW, TRIGGER and EVENT on the database and SHOW_ROUTINE on *.*, or drop the object."))];
    }
}
