using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>Stored objects that the destination did not take, each with its reason.</summary>
internal static class StoredObjectFailure
{
    private const int MostTold = 20;

    /// <summary>One error for all of them. Whatever is not named in it is there and whole.</summary>
    public static DtsMigrateException Of(IReadOnlyList<(StoredObject Object, Exception Reason)> failures)
    {
        string told = string.Join("\n", failures.Take(MostTold).Select(f => $"{f.Object}: {Words(f.Reason)}"));
        string more = failures.Count > MostTold ? $"\nand {failures.Count - MostTold} more" : string.Empty;
        return new DtsMigrateException("ObjectNotCreated", $"The destination does not take {failures.Count} objects:\n{told}{more}", failures[0].Reason)
        {
            Target = failures[0].Object.Name.ToString(),
            RecommendedAction = "Mend them on the source, or give the destination what they need, and start the task again: what has been created stays.",
        };
    }

    private static string Words(Exception reason) => reason is MySqlServerException refusal ? $"{refusal.Errno}: {refusal.ServerMessage}" : reason.Message;
}
