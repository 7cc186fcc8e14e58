using System.Text;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Connections;

/// <summary>The named connections of a user: one file each in folder <c>.connections</c> of the home, mode 0600.</summary>
public sealed class ConnectionStore
{
    private const string Extension = ".json";

    private readonly string _folder;

    /// <summary>Opens the store of a home; nothing need exist yet.</summary>
    public ConnectionStore(TaskHome home)
    {
        ArgumentNullException.ThrowIfNull(home);

        // No task can have this name: those begin with a letter or a digit.
        _folder = Path.Combine(home.FullPath, ".connections");
    }

    /// <summary>Names of all connections, in order.</summary>
    public IReadOnlyList<string> Names() => !Directory.Exists(_folder)
        ? []
        : [.. Directory.EnumerateFiles(_folder, "*" + Extension).Select(path => Path.GetFileNameWithoutExtension(path)).Where(TaskName.IsValid).Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>File of a connection, which need not exist.</summary>
    /// <exception cref="DtsMigrateException">ConnectionNameInvalid.</exception>
    public string PathOf(string name) => TaskName.IsValid(name)
        ? Path.Combine(_folder, name + Extension)
        : throw new DtsMigrateException("ConnectionNameInvalid", $"'{name}' is not a name for a connection.") { Target = name, RecommendedAction = TaskName.Rule };

    /// <summary>Reads a connection. Names are compared without case where exactly that name does not exist.</summary>
    /// <exception cref="DtsMigrateException">ConnectionNotFound, ConnectionNameInvalid, TaskFileUnreadable.</exception>
    /// <exception cref="TaskDefinitionException">Its file is faulty.</exception>
    public ConnectionProfile Read(string name)
    {
        string path = PathOf(name);
        if (!File.Exists(path))
        {
            name = Names().FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw NotFound(name);
            path = PathOf(name);
        }

        return new ConnectionProfile(name, TaskDefinitionReader.ReadConnectionFile(path));
    }

    /// <summary>Writes a new connection.</summary>
    /// <exception cref="DtsMigrateException">ConnectionExists, ConnectionNameInvalid.</exception>
    /// <exception cref="TaskDefinitionException">It breaks a rule.</exception>
    public void Create(ConnectionProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (File.Exists(PathOf(profile.Name)))
        {
            throw new DtsMigrateException("ConnectionExists", $"There is a connection '{profile.Name}' already.")
            {
                Target = profile.Name,
                RecommendedAction = "Choose another name, or replace it with -Force.",
            };
        }

        Save(profile);
    }

    /// <summary>Writes a connection, over one of the same name.</summary>
    /// <exception cref="DtsMigrateException">ConnectionNameInvalid.</exception>
    /// <exception cref="TaskDefinitionException">It breaks a rule.</exception>
    public void Save(ConnectionProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        string path = PathOf(profile.Name);
        TaskValidator.Validate(profile.Definition);
        TaskHome.CreatePrivate(_folder);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(TaskDefinitionWriter.ToJson(profile.Definition)), durable: true);
    }

    /// <summary>Removes a connection. Tasks that were made with it keep what they took from it.</summary>
    /// <exception cref="DtsMigrateException">ConnectionNotFound, ConnectionNameInvalid.</exception>
    public void Remove(string name)
    {
        string path = PathOf(name);
        if (!File.Exists(path))
        {
            throw NotFound(name);
        }

        File.Delete(path);
    }

    private DtsMigrateException NotFound(string name) => new("ConnectionNotFound", $"There is no connection '{name}' in '{_folder}'.")
    {
        Target = name,
        RecommendedAction = "Get-MigrationConnection lists the connections; New-MigrationConnection makes one.",
    };
}
