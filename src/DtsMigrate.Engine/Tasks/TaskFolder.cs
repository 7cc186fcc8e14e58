using System.Text;
using System.Text.Json;
using DtsMigrate.Engine.Assessment;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tasks;

/// <summary>
/// The folder of one task: intent and display. Losing it loses no data; progress is on the destination. Folder mode 0700, files 0600.
/// </summary>
public sealed class TaskFolder
{
    internal TaskFolder(string home, string name)
    {
        Name = name;
        FullPath = Path.Combine(home, name);
    }

    /// <summary>Name of the task.</summary>
    public string Name { get; }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>The definition, <c>task.json</c>.</summary>
    public string TaskFile => Path.Combine(FullPath, "task.json");

    /// <summary>The state and why, <c>state.json</c>.</summary>
    public string StateFile => Path.Combine(FullPath, "state.json");

    /// <summary>The status, <c>status.json</c>: one <see cref="MigrationStatus"/>.</summary>
    public string StatusFile => Path.Combine(FullPath, "status.json");

    /// <summary>The status per table, <c>tables.json</c>: a list of <see cref="TableStatus"/>.</summary>
    public string TablesFile => Path.Combine(FullPath, "tables.json");

    /// <summary>The log, <c>events.jsonl</c>.</summary>
    public string EventsFile => Path.Combine(FullPath, "events.jsonl");

    /// <summary>Rates and lag over time, <c>samples.jsonl</c>.</summary>
    public string SamplesFile => Path.Combine(FullPath, "samples.jsonl");

    /// <summary>A throttle that was changed since the task was defined, <c>throttle.json</c>.</summary>
    public string ThrottleFile => Path.Combine(FullPath, "throttle.json");

    /// <summary>The last precheck, <c>precheck.json</c>.</summary>
    public string PrecheckFile => Path.Combine(FullPath, "precheck.json");

    /// <summary>The last migration assessment, <c>assessment.json</c>.</summary>
    public string AssessmentFile => Path.Combine(FullPath, "assessment.json");

    /// <summary>Warnings of the precheck that were approved, <c>approvals.json</c>.</summary>
    public string ApprovalsFile => Path.Combine(FullPath, "approvals.json");

    /// <summary>Alerts that have been told, <c>alerts.json</c>.</summary>
    public string AlertsFile => Path.Combine(FullPath, "alerts.json");

    /// <summary>Failed items that are ignored by decision, <c>ignored.json</c>.</summary>
    public string IgnoredFile => Path.Combine(FullPath, "ignored.json");

    /// <summary>Requests to the worker and its answers, <c>commands/</c>.</summary>
    public string CommandsFolder => Path.Combine(FullPath, "commands");

    /// <summary>The source's binary log as far as it was read ahead, <c>spool/</c>; only with the option.</summary>
    public string SpoolFolder => Path.Combine(FullPath, "spool");

    /// <summary>The file that a worker holds locked, <c>worker.lock</c>.</summary>
    public string LockFile => Path.Combine(FullPath, "worker.lock");

    /// <summary>Who holds the lock, <c>worker.json</c>: beside the lock, because a locked file cannot be read everywhere.</summary>
    public string WorkerFile => Path.Combine(FullPath, "worker.json");

    /// <summary>True when the task is defined here.</summary>
    public bool Exists => File.Exists(TaskFile);

    /// <summary>Reads the definition.</summary>
    /// <exception cref="DtsMigrateException">TaskNotFound, or the definition is faulty.</exception>
    public MigrationTask ReadTask() => Exists
        ? TaskDefinitionReader.ReadFile(TaskFile)
        : throw new DtsMigrateException("TaskNotFound", $"There is no task '{Name}' in '{Path.GetDirectoryName(FullPath)}'.")
        {
            Target = Name,
            RecommendedAction = "Check the name and the home folder (DTSMIGRATE_HOME), or create the task.",
        };

    /// <summary>Writes the definition; makes the folder when it is new.</summary>
    public void WriteTask(MigrationTask task)
    {
        Prepare();
        AtomicFile.Write(TaskFile, Encoding.UTF8.GetBytes(TaskDefinitionWriter.ToJson(task)), durable: true);
    }

    /// <summary>Reads the state; null when there is none yet.</summary>
    public TaskStateRecord? ReadState() => Read<TaskStateRecord>(StateFile);

    /// <summary>Reads the status as written; null when there is none yet. <see cref="TaskStatusReader"/> also sees that a worker has died.</summary>
    public MigrationStatus? ReadStatus() => Read<MigrationStatus>(StatusFile);

    /// <summary>Reads the status of the tables; empty when there is none yet.</summary>
    public IReadOnlyList<TableStatus> ReadTables() => Read<List<TableStatus>>(TablesFile) ?? [];

    /// <summary>Makes the folder that of a task which was never started: state, status and samples go, the definition and the log stay.</summary>
    /// <exception cref="DtsMigrateException">TaskRunning: a worker has the task.</exception>
    public void ForgetProgress()
    {
        using WorkerLock held = WorkerLock.TryAcquire(this) ?? throw new DtsMigrateException("TaskRunning", $"Task '{Name}' is run by a worker.") { Target = Name };
        foreach (string file in new[] { StateFile, StatusFile, TablesFile, SamplesFile, Path.ChangeExtension(SamplesFile, ".old.jsonl") })
        {
            File.Delete(file);
        }
    }

    /// <summary>Reads the last precheck; null when there was none.</summary>
    public PrecheckRecord? ReadPrecheck() => Read<PrecheckRecord>(PrecheckFile);

    /// <summary>Reads the last migration assessment; null when there was none.</summary>
    public AssessmentReport? ReadAssessment() => Read<AssessmentReport>(AssessmentFile);

    internal void WriteAssessment(AssessmentReport report)
    {
        Prepare();
        AtomicFile.WriteJson(AssessmentFile, report, durable: false);
    }

    /// <summary>Reads which failed items are ignored.</summary>
    public IReadOnlyList<PrecheckIgnore> ReadIgnores() => Read<List<PrecheckIgnore>>(IgnoredFile) ?? [];

    internal void WriteIgnores(IReadOnlyList<PrecheckIgnore> ignores)
    {
        Prepare();
        AtomicFile.WriteJson(IgnoredFile, ignores, durable: true);
    }

    internal void WritePrecheck(PrecheckRecord precheck)
    {
        Prepare();
        AtomicFile.WriteJson(PrecheckFile, precheck, durable: false);
    }

    internal void WriteState(TaskStateRecord state)
    {
        Prepare();
        AtomicFile.WriteJson(StateFile, state, durable: true);
    }

    internal void WriteStatus(MigrationStatus status) => AtomicFile.WriteJson(StatusFile, status, durable: false);

    internal void WriteTables(IReadOnlyList<TableStatus> tables) => AtomicFile.WriteJson(TablesFile, tables, durable: false);

    /// <summary>Makes the folder and its parts where they are missing.</summary>
    internal void Prepare()
    {
        TaskHome.CreatePrivate(FullPath);
        TaskHome.CreatePrivate(CommandsFolder);
    }

    /// <summary>Files are replaced as a whole, so a damaged one was damaged by somebody else: it is told and not guessed at.</summary>
    private static T? Read<T>(string path)
    {
        try
        {
            return AtomicFile.ReadJson<T>(path);
        }
        catch (JsonException e)
        {
            throw new DtsMigrateException("TaskFileDamaged", $"The file '{path}' is damaged: {e.Message}", e)
            {
                Target = path,
                RecommendedAction = "Restore the file, or delete it: it is for display, and the destination has the task's progress.",
            };
        }
    }
}
