using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination takes functions and triggers although it writes a binary log (MySQL manual, "Stored Program Binary Logging").</summary>
internal sealed class FunctionCreationCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "FunctionCreation";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!context.Destination.IsOn("log_bin") || context.Destination.IsOn("log_bin_trust_function_creators"))
        {
            return [Finding.Passed("destination", "The destination takes functions and triggers of every kind.")];
        }

        const string Fix = "SET GLOBAL log_bin_trust_function_creators = ON;";
        const string Remedy = "Let the destination trust the creators of functions for the time of the migration.";
        var account = await AccountPrivileges.ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false);
        string[] concerned = [.. objects.Where(o => o.Kind is StoredObjectKind.Function or StoredObjectKind.Trigger).Select(o => o.ToString())];
        if (concerned.Length > 0 && !account.HasGlobally("SUPER"))
        {
            return [Finding.Failed("destination", $"The destination has a binary log and log_bin_trust_function_creators is OFF, so that only SUPER may create {Finding.List(concerned)}.", Remedy, Fix)];
        }

        string[] undeclared = [.. objects.Where(o => o.Kind == StoredObjectKind.Function && !IsDeclared(o)).Select(o => o.Name.ToString())];
        return undeclared.Length > 0
            ? [Finding.Failed(undeclared[0], $"The destination refuses functions that are not declared DETERMINISTIC, NO SQL or READS SQL DATA while it has a binary log and log_bin_trust_function_creators is OFF: {Finding.List(undeclared)}.", Remedy, Fix)]
            : [Finding.Passed("destination", "The destination takes the functions and triggers of the task.")];
    }

    /// <summary>A function says that it is deterministic or changes nothing.</summary>
    internal static bool IsDeclared(StoredObject function)
    {
        var statement = StoredStatement.Parse(function.CreateSql, function.Syntax);
        var tokens = new SqlTokens(function.CreateSql[statement.Name.End.Value..statement.Body], function.Syntax).WithoutComments();
        for (int i = 0; i < tokens.Count; i++)
        {
            if ((tokens.IsWord(i, "DETERMINISTIC") && !tokens.IsWord(i - 1, "NOT")) || (tokens.IsAnyWord(i, "NO", "READS") && tokens.IsWord(i + 1, "SQL")))
            {
                return true;
            }
        }

        return false;
    }
}
