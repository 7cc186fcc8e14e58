using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.Tasks;

/// <summary>Definitions for tests.</summary>
internal static class Definitions
{
    public const string Good = """
        {
          "version": 1, "name": "shop",
          "source":      { "host": "10.0.0.5", "port": 3306, "user": "dts", "password": { "env": "SRC_PW" }, "tls": "Preferred", "tlsCa": null },
          "destination": { "host": "10.0.0.9", "port": 3306, "user": "dts", "password": { "env": "DST_PW" }, "tls": "VerifyFull", "tlsCa": "ca.pem" },
          "migrationTypes": ["Schema", "Full", "Incremental"],
          "objects": { "shop": { "all": true },
                       "crm":  { "to": "crm_v2", "tables": { "client": { "to": "customer" }, "note": {} } } },
          "conflictMode": "PrecheckAndReportErrors",
          "options": { }
        }
        """;

    public static MigrationTask Task => TaskDefinitionReader.Parse(Good);

    /// <summary>The good definition with one piece of its text replaced.</summary>
    public static string With(string old, string replacement)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        return Good.Replace(old, replacement, StringComparison.Ordinal);
    }

    /// <summary>The faults of a definition; fails when it has none.</summary>
    public static IReadOnlyList<TaskDefinitionFault> FaultsOf(string json)
    {
        var error = Assert.Throws<TaskDefinitionException>(() => TaskDefinitionReader.Parse(json));
        Assert.Equal("TaskDefinitionInvalid", error.Code);
        Assert.All(error.Faults, fault => Assert.Contains(fault.ToString(), error.Message, StringComparison.Ordinal));
        Assert.All(error.Faults, fault => Assert.NotEmpty(fault.Remedy));
        return error.Faults;
    }

    /// <summary>The one fault of a definition.</summary>
    public static TaskDefinitionFault FaultOf(string json) => Assert.Single(FaultsOf(json));
}
