using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Errors;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>What the cmdlets that work on named connections share.</summary>
public abstract class ConnectionCommand : MigrationCommand
{
    /// <summary>The connections of the user.</summary>
    protected ConnectionStore Store { get; } = new(new TaskHome());

    /// <summary>The connections that a name means: one for an exact name, those that match for a pattern. What cannot be read is an error that is written here.</summary>
    /// <param name="names">Names or patterns.</param>
    protected IEnumerable<ConnectionProfile> Resolve(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string name in names)
        {
            IEnumerable<string> wanted = [name];
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
                wanted = Store.Names().Where(pattern.IsMatch);
            }

            foreach (string exact in wanted)
            {
                if (Read(exact) is { } profile)
                {
                    yield return profile;
                }
            }
        }
    }

    private ConnectionProfile? Read(string name)
    {
        try
        {
            return Store.Read(name);
        }
        catch (DtsMigrateException e)
        {
            WriteError(ErrorRecordMapper.Map(e, name));
            return null;
        }
    }
}
