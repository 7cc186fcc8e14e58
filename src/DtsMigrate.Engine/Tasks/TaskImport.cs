using System.Text.Json;
using DtsMigrate.Engine.Tasks.DbList;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Takes a task over from a file: a definition of ours, or a <c>DbList</c> of Alibaba Cloud DTS, which names objects only.</summary>
public static class TaskImport
{
    /// <summary>Reads a file of either form.</summary>
    /// <param name="path">The file. Relative paths inside a definition start at its folder.</param>
    /// <param name="name">Name of the task; required with a list, null to keep that of a definition.</param>
    /// <param name="source">Source of the task; required with a list, null to keep that of a definition.</param>
    /// <param name="destination">Destination, likewise.</param>
    /// <exception cref="TaskDefinitionException">The file is faulty.</exception>
    /// <exception cref="DtsMigrateException">TaskFileUnreadable; ImportIncomplete: a list says nothing of servers and names, and they are not given.</exception>
    public static MigrationTask ReadFile(string path, string? name, ConnectionDefinition? source, ConnectionDefinition? destination)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (ReadDbList(path) is not { } objects)
        {
            MigrationTask read = TaskDefinitionReader.ReadFile(path);
            read = read with { Name = name ?? read.Name, Source = source ?? read.Source, Destination = destination ?? read.Destination };
            TaskValidator.Validate(read);
            return read;
        }

        if (name is null || source is null || destination is null)
        {
            throw new DtsMigrateException("ImportIncomplete", $"'{path}' is a DbList: it names objects, but no task and no servers.")
            {
                Target = path,
                RecommendedAction = "Give the name of the task, its source and its destination as well.",
            };
        }

        var task = new MigrationTask { Name = name, Source = source, Destination = destination, Objects = objects };
        TaskValidator.Validate(task);
        return task;
    }

    /// <summary>The selection of a list; null when the file is not one: the definition's reader then says what is wrong with it.</summary>
    private static IReadOnlyList<DatabaseSelection>? ReadDbList(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
            using JsonDocument document = JsonDocument.Parse(text);
            if (!DbListReader.IsDbList(document.RootElement))
            {
                return null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }

        return DbListReader.Parse(text);
    }
}
