using DtsMigrate.Engine.Precheck.Checks;

namespace DtsMigrate.Engine.Precheck;

/// <summary>All checks, in the order in which they run and are shown: what others build upon comes first.</summary>
internal static class PrecheckList
{
    /// <summary>New instances for one run.</summary>
    public static IReadOnlyList<IPrecheck> Create() =>
    [
        new ConnectivityCheck(isSource: true),
        new ConnectivityCheck(isSource: false),
        new VersionCheck(isSource: true),
        new VersionCheck(isSource: false),
        new SameServerCheck(),
        new ObjectsExistCheck(),
        new SourcePrivilegesCheck(),
        new DestinationPrivilegesCheck(),
        new SessionSettingsCheck(),
        new DestinationTuningCheck(),
        new BinlogEnabledCheck(),
        new BinlogFormatCheck(),
        new BinlogRowImageCheck(),
        new BinlogFiltersCheck(),
        new BinlogRetentionCheck(),
        new ServerIdCheck(),
        new GtidModeCheck(),
        new SameNameTablesCheck(),
        new SameNameObjectsCheck(),
        new DestinationTablesExistCheck(),
        new DestinationTriggersCheck(),
        new TablesWithoutKeyCheck(),
        new StorageEngineCheck(),
        new CharacterSetsCheck(),
        new JsonTypesCheck(),
        new ForeignKeyParentCheck(),
        new ForeignKeyCascadesCheck(),
        new ObjectTypesCheck(),
        new ObjectDefinitionsCheck(),
        new InvalidViewsCheck(),
        new DynamicSqlCheck(),
        new DefinerAccountsCheck(),
        new AccountsCheck(),
        new FunctionCreationCheck(),
        new EventTimeZonesCheck(),
        new LowerCaseTableNamesCheck(),
        new LongTransactionsCheck(),
        new LocalInfileCheck(),
        new MaxAllowedPacketCheck(),
        new DestinationReadOnlyCheck(),
    ];
}
