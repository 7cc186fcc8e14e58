namespace DtsMigrate.Engine.Assessment;

/// <summary>What MySQL has dropped since 5.7, with the first version that is without it (MySQL manuals, "What Is New in MySQL 8.0" and "... 8.4", features removed).</summary>
internal static class RemovedFeatures
{
    private static readonly (int Major, int Minor) Eight = (8, 0);
    private static readonly (int Major, int Minor) EightFour = (8, 4);

    /// <summary>Functions, upper case. The spatial ones live on with ST_ in front.</summary>
    public static readonly IReadOnlyDictionary<string, (int Major, int Minor)> Functions = Of(
        Eight,
        "DES_DECRYPT", "DES_ENCRYPT", "DECODE", "ENCODE", "ENCRYPT", "PASSWORD", "AREA", "ASBINARY", "ASTEXT", "ASWKB", "ASWKT", "BUFFER", "CENTROID", "CONTAINS", "CONVEXHULL", "CROSSES", "DIMENSION",
        "DISJOINT", "DISTANCE", "ENDPOINT", "ENVELOPE", "EQUALS", "EXTERIORRING", "GEOMCOLLFROMTEXT", "GEOMCOLLFROMWKB", "GEOMETRYCOLLECTIONFROMTEXT", "GEOMETRYCOLLECTIONFROMWKB", "GEOMETRYFROMTEXT",
        "GEOMETRYFROMWKB", "GEOMETRYN", "GEOMETRYTYPE", "GEOMFROMTEXT", "GEOMFROMWKB", "GLENGTH", "INTERIORRINGN", "INTERSECTS", "ISCLOSED", "ISEMPTY", "ISSIMPLE", "LINEFROMTEXT", "LINEFROMWKB",
        "LINESTRINGFROMTEXT", "LINESTRINGFROMWKB", "MLINEFROMTEXT", "MLINEFROMWKB", "MPOINTFROMTEXT", "MPOINTFROMWKB", "MPOLYFROMTEXT", "MPOLYFROMWKB", "MULTILINESTRINGFROMTEXT",
        "MULTILINESTRINGFROMWKB", "MULTIPOINTFROMTEXT", "MULTIPOINTFROMWKB", "MULTIPOLYGONFROMTEXT", "MULTIPOLYGONFROMWKB", "NUMGEOMETRIES", "NUMINTERIORRINGS", "NUMPOINTS", "OVERLAPS", "POINTFROMTEXT",
        "POINTFROMWKB", "POINTN", "POLYFROMTEXT", "POLYFROMWKB", "POLYGONFROMTEXT", "POLYGONFROMWKB", "SRID", "STARTPOINT", "TOUCHES", "WITHIN", "X", "Y")
        .Concat(Of(EightFour, "WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS")).ToDictionary(StringComparer.Ordinal);

    /// <summary>System variables, upper case.</summary>
    public static readonly IReadOnlyDictionary<string, (int Major, int Minor)> Variables = Of(
        Eight,
        "BOOTSTRAP", "DATE_FORMAT", "DATETIME_FORMAT", "TIME_FORMAT", "HAVE_CRYPT", "HAVE_QUERY_CACHE", "IGNORE_BUILTIN_INNODB", "INNODB_FILE_FORMAT", "INNODB_LARGE_PREFIX", "INNODB_LOCKS_UNSAFE_FOR_BINLOG",
        "INNODB_SUPPORT_XA", "LOG_WARNINGS", "MAX_TMP_TABLES", "METADATA_LOCKS_CACHE_SIZE", "MULTI_RANGE_COUNT", "OLD_PASSWORDS", "QUERY_CACHE_LIMIT", "QUERY_CACHE_SIZE", "QUERY_CACHE_TYPE", "SECURE_AUTH",
        "SYNC_FRM", "TX_ISOLATION", "TX_READ_ONLY")
        .Concat(Of(EightFour, "AVOID_TEMPORAL_UPGRADE", "DEFAULT_AUTHENTICATION_PLUGIN", "EXPIRE_LOGS_DAYS", "OLD", "SHOW_OLD_TEMPORALS", "TRANSACTION_WRITE_SET_EXTRACTION")).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, (int Major, int Minor)> Of((int Major, int Minor) version, params string[] names) => names.ToDictionary(n => n, _ => version, StringComparer.Ordinal);
}
