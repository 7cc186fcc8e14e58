using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck;

/// <summary>The stored objects of a task as the checks see them, read once.</summary>
internal sealed class PrecheckObjects
{
    private readonly PrecheckContext _context;
    private IReadOnlyList<StoredObjectName>? _names;
    private IReadOnlyList<StoredObject>? _objects;
    private readonly List<(StoredObjectName Name, string Reason)> _unreadable = [];

    /// <summary>Creates it; nothing is read yet.</summary>
    public PrecheckObjects(PrecheckContext context) => _context = context;

    /// <summary>Objects whose text could not be read or understood, with the reason. Filled by <see cref="ReadAsync"/>.</summary>
    public IReadOnlyList<(StoredObjectName Name, string Reason)> Unreadable => _unreadable;

    /// <summary>Names of what the task migrates besides tables, as far as the source account sees them; empty without schema migration.</summary>
    public async Task<IReadOnlyList<StoredObjectName>> ListAsync(CancellationToken cancellationToken)
    {
        if (_names is null && _context.HasSchema)
        {
            var reader = await StoredObjectReader.OpenAsync(_context.Source.Session, cancellationToken).ConfigureAwait(false);
            var scope = new StoredObjectScope(_context.Selection, _context.Task.Options.MigrateEvents);
            _names = await scope.ListAsync(reader, _context.Task.Objects.Select(d => d.Name), cancellationToken).ConfigureAwait(false);
        }

        return _names ??= [];
    }

    /// <summary>The objects with their texts, but for <see cref="Unreadable"/>.</summary>
    public async Task<IReadOnlyList<StoredObject>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_objects is null)
        {
            var names = await ListAsync(cancellationToken).ConfigureAwait(false);
            var reader = await StoredObjectReader.OpenAsync(_context.Source.Session, cancellationToken).ConfigureAwait(false);
            var found = new List<StoredObject>(names.Count);
            foreach (var name in names)
            {
                try
                {
                    if (await reader.ReadAsync(name, cancellationToken).ConfigureAwait(false) is { } read)
                    {
                        StoredStatement.Parse(read.CreateSql, read.Syntax);
                        found.Add(read);
                    }
                }
                catch (DtsMigrateException e) when (e is MySqlServerException || e.Code is "DefinitionHidden" or "SqlNotUnderstood" or "CharacterLost")
                {
                    _unreadable.Add((name, e.Message));
                }
            }

            _objects = found;
        }

        return _objects;
    }
}
