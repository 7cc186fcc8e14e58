using System.Text.Json.Nodes;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tasks;

/// <summary>
/// Changes the definition of a task that there is, as far as its state allows: all of it before its first start; hosts, accounts and options while no worker runs it; the throttle at any time.
/// </summary>
public static class TaskChange
{
    private const string Throttle = "options.throttle.";

    /// <summary>What the destination's progress belongs to: see <see cref="DefinitionHash"/>.</summary>
    private static readonly string[] Fixed = ["objects", "migrationTypes", "conflictMode", "dml", "ddl", "options.collationMap", "options.capitalization", .. OnlineDdlJson.Members.Select(static member => "options." + member)];

    /// <summary>The members in which two definitions differ, as paths like <c>options.copyThreads</c>, by name.</summary>
    public static IReadOnlyList<string> Members(MigrationTask old, MigrationTask changed)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(changed);
        Dictionary<string, string> before = Flatten(old);
        Dictionary<string, string> after = Flatten(changed);
        return [.. before.Keys.Union(after.Keys).Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Refuses members that the state of the task does not allow to change.</summary>
    /// <exception cref="DtsMigrateException">MemberFixed, with the state and the members.</exception>
    public static void Require(TaskFolder folder, IReadOnlyList<string> members)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(members);
        MigrationStatus status = TaskStatusReader.Read(folder);
        string[] fixedNow = [.. members.Where(member => member == "name" || (status.StartedAt is not null && Fixed.Any(root => IsIn(member, root))))];
        if (fixedNow.Length > 0)
        {
            throw Refused(folder, status, fixedNow, "what was migrated so far belongs to them", "Make another task for other objects, types or conflict mode.");
        }

        string[] atRest = [.. members.Where(static member => !member.StartsWith(Throttle, StringComparison.Ordinal))];
        if (atRest.Length > 0 && status.WorkerPid is not null)
        {
            throw Refused(folder, status, atRest, "a worker runs the task, which takes only the throttle", $"Stop-Migration {folder.Name} -Wait, change it, and Resume-Migration {folder.Name}.");
        }
    }

    /// <summary>Makes the change. The throttle of a running task is in force within two seconds.</summary>
    /// <param name="folder">Task folder.</param>
    /// <param name="old">The definition that the change was made from.</param>
    /// <param name="changed">The definition to be.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">MemberFixed; TaskChangedMeanwhile; TaskDefinitionInvalid; as <see cref="MigrationControl.SetThrottleAsync"/>.</exception>
    public static async Task MakeAsync(TaskFolder folder, MigrationTask old, MigrationTask changed, TimeProvider time, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> members = Members(old, changed);
        if (members.Any(static member => !member.StartsWith(Throttle, StringComparison.Ordinal)))
        {
            Require(folder, members);
            TaskValidator.Validate(changed);
            using WorkerLock held = WorkerLock.TryAcquire(folder) ?? throw Refused(folder, TaskStatusReader.Read(folder), members, "a worker has just begun it", "Stop it first.");

            // Somebody else may have changed it since it was read.
            MigrationTask now = folder.ReadTask();
            if (Members(old, now).Count > 0)
            {
                throw new DtsMigrateException("TaskChangedMeanwhile", $"Task '{folder.Name}' was changed by somebody else at the same time.")
                {
                    Target = folder.Name,
                    RecommendedAction = "Look at it, and try again.",
                };
            }

            folder.WriteTask(changed with { Options = changed.Options with { Throttle = now.Options.Throttle } });
        }

        if (old.Options.Throttle != changed.Options.Throttle)
        {
            await MigrationControl.SetThrottleAsync(folder, ThrottleChange.Between(old.Options.Throttle, changed.Options.Throttle), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static DtsMigrateException Refused(TaskFolder folder, MigrationStatus status, IEnumerable<string> members, string why, string remedy) =>
        new("MemberFixed", $"Task '{folder.Name}' is {status.State}: {string.Join(", ", members)} cannot change now, as {why}.") { Target = folder.Name, RecommendedAction = remedy };

    private static bool IsIn(string member, string root) => member == root || member.StartsWith(root + ".", StringComparison.Ordinal);

    private static Dictionary<string, string> Flatten(MigrationTask task)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(string.Empty, JsonNode.Parse(TaskDefinitionWriter.ToJson(task))!);
        return flat;

        void Add(string path, JsonNode node)
        {
            if (node is JsonObject { Count: > 0 } members)
            {
                foreach ((string name, JsonNode? value) in members.Where(static member => member.Value is not null))
                {
                    Add(path.Length == 0 ? name : $"{path}.{name}", value!);
                }
            }
            else
            {
                flat[path] = node.ToJsonString();
            }
        }
    }
}
