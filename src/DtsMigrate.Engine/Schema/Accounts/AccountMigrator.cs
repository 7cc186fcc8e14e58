using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>Creates the task's accounts on the destination, and gives them their rights once the objects are there. Repeatable.</summary>
internal sealed class AccountMigrator
{
    private const string Phase = "Schema";

    private readonly RunContext _context;

    /// <summary>Creates the migrator.</summary>
    public AccountMigrator(RunContext context) => _context = context;

    /// <summary>Creates the accounts, without any right: definers of stored objects must exist before these.</summary>
    /// <exception cref="DtsMigrateException">Code <c>AccountNotCreated</c>.</exception>
    public Task CreateAsync(CancellationToken cancellationToken) => RunAsync(
        "create the accounts",
        async (plan, session, token) =>
        {
            if (plan.IsThere)
            {
                return;
            }

            await ExecuteAsync(session, plan, plan.CreateSql!, token).ConfigureAwait(false);
            _context.Log.Write(LogLevel.Info, Phase, $"Account {plan.Account} created.");
        },
        cancellationToken);

    /// <summary>Gives the accounts their rights, roles and default roles.</summary>
    /// <exception cref="DtsMigrateException">Code <c>AccountNotCreated</c>.</exception>
    public Task GrantAsync(CancellationToken cancellationToken) => RunAsync(
        "grant rights to the accounts",
        async (plan, session, token) =>
        {
            foreach (string grant in plan.GrantSql)
            {
                await ExecuteAsync(session, plan, grant, token).ConfigureAwait(false);
            }

            _context.Log.Write(LogLevel.Info, Phase, $"Account {plan.Account} has its rights.");
            foreach (string words in plan.LeftOut)
            {
                _context.Log.Write(LogLevel.Warning, Phase, $"Account {plan.Account} is without {words}.");
            }
        },
        cancellationToken);

    private async Task RunAsync(string what, Func<AccountPlan, MySqlSession, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        if (_context.Task.Accounts.Count == 0)
        {
            return;
        }

        await _context.Retry.RunAsync(
            what,
            async (scope, token) =>
            {
                var source = await _context.Source.OpenAsync(SessionPurpose.Metadata, token).ConfigureAwait(false);
                await using (source.ConfigureAwait(false))
                {
                    var session = await _context.Destination.OpenAsync(SessionPurpose.WriteSchema, token).ConfigureAwait(false);
                    await using (session.ConfigureAwait(false))
                    {
                        var plans = await AccountPlanner.PlanAsync(_context.Task, source, session, _context.Select(), token).ConfigureAwait(false);
                        foreach (var plan in plans)
                        {
                            if (MayMigrate(plan))
                            {
                                await action(plan, session, token).ConfigureAwait(false);
                            }

                            scope.ReportProgress();
                        }
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private bool MayMigrate(AccountPlan plan)
    {
        if (plan.Class is AccountClass.Full or AccountClass.Reduced)
        {
            return true;
        }

        string words = $"Account {plan.Account} is not migrated: {string.Join("; ", plan.LeftOut)}.";
        if (plan.Class == AccountClass.Exists && _context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed)
        {
            _context.Log.Write(LogLevel.Warning, Phase, words);
            return false;
        }

        throw NotCreated(plan, words, null);
    }

    private static async Task ExecuteAsync(MySqlSession session, AccountPlan plan, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (FaultClassifier.Classify(e) == FaultClass.Stop)
        {
            // A syntax error repeats a part of the statement, which for CREATE USER may be the hash of the password.
            bool showsStatement = e.Errno == 1064 || sql.StartsWith("CREATE USER", StringComparison.Ordinal);
            throw NotCreated(plan, $"Account {plan.Account}: the destination refuses it with error {e.Errno}{(showsStatement ? string.Empty : $": {e.ServerMessage} The statement was: {sql}")}.", showsStatement ? null : e);
        }
    }

    private static DtsMigrateException NotCreated(AccountPlan plan, string words, Exception? inner) => new("AccountNotCreated", words, inner)
    {
        Target = plan.Account,
        RecommendedAction = "Run the precheck: it says of every account what can be migrated. Take the account out of the task, or give the destination what it lacks, and start again.",
    };
}
