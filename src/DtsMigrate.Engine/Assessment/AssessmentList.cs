using DtsMigrate.Engine.Assessment.Items;

namespace DtsMigrate.Engine.Assessment;

/// <summary>All items of the assessment.</summary>
internal static class AssessmentList
{
    /// <summary>New instances for one run.</summary>
    public static IReadOnlyList<IAssessment> Create() =>
    [
        new IndexLengthsItem(),
        new RowLengthsItem(),
        new RoutinesItem(),
        new DependenciesItem(),
        new ReservedWordsItem(),
        new RemovedFunctionsItem(),
        new SqlModesItem(),
        new CharacterSetsItem(),
        new ZeroDefaultsItem(),
        new DeprecatedTypesItem(),
        new EnginesItem(),
        new AuthenticationItem(),
    ];
}
