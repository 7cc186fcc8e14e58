using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Worker.CommandLine;

/// <summary>The command line makes no sense.</summary>
internal sealed class UsageException : DtsMigrateException
{
    public UsageException(string message)
        : base("UsageInvalid", message) => RecommendedAction = "See 'dtsmigrate --help'.";
}
