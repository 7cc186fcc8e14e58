using System.Reflection;
using DtsMigrate.Testing;
using Xunit.Sdk;

namespace DtsMigrate.Integration.Tests.Versions;

/// <summary>One case of a theory over series of MySQL; skipped where the machine has no server of it at hand.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class MySqlSeriesAttribute : DataAttribute
{
    private readonly string _series;

    public MySqlSeriesAttribute(string series)
    {
        _series = series;
        Skip = MySqlBinaries.HasSeries(series) ? null : $"MySQL {series} is not at hand; tests/DtsMigrate.TestServers says how to fetch it.";
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[_series]];
}
