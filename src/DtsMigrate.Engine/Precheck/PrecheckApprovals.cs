using System.Security.Cryptography;
using System.Text;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck;

/// <summary>
/// The approvals of a task, in <c>approvals.json</c> of its folder. Warnings can be approved; what failed cannot: it would lose or change data, or end the run. An approval holds for exactly what
/// was found then: other words, values or names, and it has lapsed.
/// </summary>
public sealed class PrecheckApprovals
{
    private readonly TaskFolder _folder;
    private readonly TimeProvider _time;

    /// <summary>Opens the approvals of a task.</summary>
    public PrecheckApprovals(TaskFolder folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _folder = folder;
        _time = time;
    }

    /// <summary>All of them, those that have lapsed included.</summary>
    public IReadOnlyList<PrecheckApproval> Read() => AtomicFile.ReadJson<List<PrecheckApproval>>(_folder.ApprovalsFile) ?? [];

    /// <summary>A result as it counts: a warning that is approved becomes Approved.</summary>
    public PrecheckResult Apply(PrecheckResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Outcome == nameof(PrecheckOutcome.Warning) && Find(result) is { } approval
            ? result with { Outcome = nameof(PrecheckOutcome.Approved), ApprovedBy = approval.By, ApprovedAt = approval.At, ApprovedReason = approval.Reason }
            : result;
    }

    /// <summary>A result that was kept, as it counts now: its approval may have come or gone since.</summary>
    public PrecheckResult Refresh(PrecheckResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Apply(Plain(result));
    }

    /// <summary>Approves a warning; one that is approved already gets the new reason.</summary>
    /// <returns>The result as it counts now.</returns>
    /// <exception cref="DtsMigrateException">PrecheckNotApprovable: it is no warning; ReasonMissing.</exception>
    public PrecheckResult Approve(PrecheckResult result, string reason)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new DtsMigrateException("ReasonMissing", "An approval needs a reason.") { Target = result.Check, RecommendedAction = "Say why the finding is acceptable." };
        }

        PrecheckResult plain = Plain(result);
        if (plain.Outcome != nameof(PrecheckOutcome.Warning))
        {
            throw new DtsMigrateException("PrecheckNotApprovable", $"{result.Check} ({result.Target}) is {result.Outcome}: only warnings can be approved.")
            {
                Target = result.Check,
                RecommendedAction = plain.Outcome == nameof(PrecheckOutcome.Failed) ? result.Recommendation ?? "Mend what was found and run the precheck again." : "Nothing is to be done.",
            };
        }

        var approval = new PrecheckApproval(plain.Check, plain.Target, Digest(plain), $"{Environment.UserName}@{Environment.MachineName}", _time.GetUtcNow(), reason.Trim());
        Write([.. Others(plain), approval]);
        return Apply(plain);
    }

    /// <summary>Takes an approval back; nothing happens where there is none.</summary>
    /// <returns>The result as it counts now.</returns>
    public PrecheckResult Deny(PrecheckResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (Find(result) is not null)
        {
            Write([.. Others(result)]);
        }

        return Plain(result);
    }

    private static PrecheckResult Plain(PrecheckResult result) => result.Outcome == nameof(PrecheckOutcome.Approved)
        ? result with { Outcome = nameof(PrecheckOutcome.Warning), ApprovedBy = null, ApprovedAt = null, ApprovedReason = null }
        : result;

    private static string Digest(PrecheckResult result) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{result.Check}\0{result.Target}\0{result.Evidence ?? result.Message}\0{result.FixSql}")));

    // An item may have several findings about one target: each is decided by itself.
    private PrecheckApproval? Find(PrecheckResult result) => Read().FirstOrDefault(approval => Is(approval, result));

    private IEnumerable<PrecheckApproval> Others(PrecheckResult result) => Read().Where(approval => !Is(approval, result));

    private static bool Is(PrecheckApproval approval, PrecheckResult result) =>
        (approval.Check, approval.Target, approval.Evidence) == (result.Check, result.Target, Digest(result));

    private void Write(List<PrecheckApproval> approvals)
    {
        _folder.Prepare();
        AtomicFile.WriteJson(_folder.ApprovalsFile, approvals, durable: true);
    }
}
