using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>
/// Creates stored objects on one pair of sessions. What is there already is compared, never taken on trust; what is missing is created. An object that the destination refuses
/// does not keep the others from being tried.
/// </summary>
internal sealed class StoredObjectCreator
{
    private const string Phase = "Schema";

    private readonly RunContext _context;
    private readonly StoredObjectReader _destination;
    private readonly StoredObjectWriter _writer;
    private readonly StoredObjectComparison _comparison;
    private readonly List<(StoredObject Object, Exception Reason)> _failures = [];

    /// <summary>Creates the creator.</summary>
    /// <param name="context">The run.</param>
    /// <param name="destination">Reads the destination, over another session than the writer's.</param>
    /// <param name="writing">Writes the destination; for <see cref="SessionPurpose.WriteSchema"/>.</param>
    public StoredObjectCreator(RunContext context, StoredObjectReader destination, MySqlSession writing)
    {
        _context = context;
        _destination = destination;
        _writer = new StoredObjectWriter(writing);
        var (from, to) = (context.SourceFacts.Version, context.DestinationFacts.Version);
        _comparison = new StoredObjectComparison(context.Task.Options.DefinerMode, samePrinter: from.IsSameSeries(to));
    }

    /// <summary>What the destination refused so far.</summary>
    public IReadOnlyList<(StoredObject Object, Exception Reason)> Failures => _failures;

    /// <summary>Names that exist in the destination's databases.</summary>
    public async Task<IReadOnlyDictionary<(StoredObjectKind Kind, QualifiedName Name), StoredObjectName>> ListAsync(IEnumerable<string> databases, CancellationToken cancellationToken)
    {
        var comparer = new StoredObjectKeyComparer(_destination.Names);
        var found = new Dictionary<(StoredObjectKind, QualifiedName), StoredObjectName>(comparer);
        foreach (string database in databases)
        {
            foreach (var name in await _destination.ListAsync(database, cancellationToken).ConfigureAwait(false))
            {
                found[(name.Kind, name.Name)] = name;
            }
        }

        return found;
    }

    /// <summary>Creates an object that is not there. A refusal is kept; a failure that passes by is thrown.</summary>
    /// <returns>False when the destination refused it.</returns>
    public async Task<bool> CreateAsync(StoredObject target, CancellationToken cancellationToken)
    {
        try
        {
            await _writer.RunAsync(target, target.CreateSql, cancellationToken).ConfigureAwait(false);
            _context.Log.Write(LogLevel.Info, Phase, $"{target} created.");
            return true;
        }
        catch (DtsMigrateException e) when (IsRefusal(e))
        {
            _failures.Add((target, e));
            return false;
        }
    }

    /// <summary>Runs another statement about an object.</summary>
    public Task RunAsync(StoredObject target, string sql, CancellationToken cancellationToken) => _writer.RunAsync(target, sql, cancellationToken);

    /// <summary>The object of that name on the destination.</summary>
    public Task<StoredObject?> ReadAsync(StoredObjectName name, CancellationToken cancellationToken) => _destination.ReadAsync(name, cancellationToken);

    /// <summary>The first difference between an object and what it must be, in words; null when it is as it must be.</summary>
    public string? FindDifference(StoredObject wanted, StoredObject existing) => _comparison.FindDifference(wanted, existing);

    /// <summary>Keeps an object that is there with other content, or records that it is in the way.</summary>
    public void AcceptOrFail(StoredObject wanted, string difference)
    {
        if (_context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed)
        {
            _context.Log.Write(LogLevel.Warning, Phase, $"{wanted} exists on the destination and is kept, although {difference}.");
            return;
        }

        _failures.Add((wanted, new DtsMigrateException("DestinationObjectDiffers", $"it exists on the destination, and {difference}")
        {
            RecommendedAction = $"Drop it: DROP {StoredObjectReader.Word(wanted.Kind)} {wanted.Name.ToSql()}",
        }));
    }

    /// <summary>Forgets the refusals but for some: for a further round.</summary>
    public void ForgetFailures(IReadOnlyCollection<(StoredObject Object, Exception Reason)> but) => _failures.RemoveAll(f => !but.Contains(f));

    /// <summary>Forgets the refusal of one object.</summary>
    public void Forgive(StoredObject target) => _failures.RemoveAll(f => f.Object == target);

    // A privilege that lacks is waited for where it was there before; here it has never been, and the others are to be tried.
    private static bool IsRefusal(DtsMigrateException e) =>
        e is MySqlServerException { Errno: 1044 or 1142 or 1143 or 1227 or 1370 }
        || (e.Code is not "LeaseLost" && FaultClassifier.Classify(e) == FaultClass.Stop);
}
