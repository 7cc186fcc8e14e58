namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Prepared XA transactions seen in this pass, with the tables of the task that they changed. Their rows are in the binary log at PREPARE and
/// visible only after COMMIT, so a watermark between the two would lose them: a commit that may concern the task stops it.
/// </summary>
internal sealed class XaTransactions
{
    private readonly Dictionary<string, int[]> _prepared = new(StringComparer.OrdinalIgnoreCase);

    public void Prepared(string xid, IEnumerable<int> tables) => _prepared[Normalize(xid)] = [.. tables];

    public void Forget(string xid) => _prepared.Remove(Normalize(xid));

    /// <summary>The tables of a prepared transaction; null when its PREPARE was not seen.</summary>
    public IReadOnlyList<int>? TablesOf(string xid) => _prepared.GetValueOrDefault(Normalize(xid));

    private static string Normalize(string xid) => xid.Replace(" ", string.Empty, StringComparison.Ordinal);
}
