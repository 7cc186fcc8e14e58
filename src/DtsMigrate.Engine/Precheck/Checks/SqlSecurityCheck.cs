using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Views and routines whose rights change with their definer are named.</summary>
internal sealed class SqlSecurityCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "SqlSecurity";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && context.Task.Options.DefinerMode == DefinerMode.Destination;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        string own = (await context.Destination.Session.QueryRowsAsync("SELECT CURRENT_USER()", cancellationToken).ConfigureAwait(false))[0].GetString(0);
        return [Judge(objects, own)];
    }

    /// <summary>Judges whose rights change when the destination account becomes the definer.</summary>
    internal static Finding Judge(IReadOnlyList<StoredObject> objects, string account)
    {
        string[] names = [.. objects.Where(o => o.Kind is StoredObjectKind.View or StoredObjectKind.Procedure or StoredObjectKind.Function && !IsInvoker(o)).Select(o => o.ToString())];
        return names.Length == 0
            ? Finding.Passed("destination", "No view, procedure or function runs with other rights than on the source.")
            : Finding.Warning(
                names[0],
                $"These run with the rights of their definer on the source, and with those of who calls them on the destination, where {account} becomes the definer: {Finding.List(names)}.",
                "Grant the accounts that use them what they read and write, or choose definerMode Keep.");
    }

    private static bool IsInvoker(StoredObject item)
    {
        var tokens = new SqlTokens(item.CreateSql, item.Syntax).WithoutComments();
        for (int i = 0; i + 2 < tokens.Count; i++)
        {
            if (tokens.IsWord(i, "SQL") && tokens.IsWord(i + 1, "SECURITY"))
            {
                return tokens.IsWord(i + 2, "INVOKER");
            }
        }

        return false;
    }
}
