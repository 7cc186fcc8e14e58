namespace DtsMigrate.Integration.Tests;

/// <summary>Tests that measure the whole process and so run alone, after the parallel ones.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
