namespace DtsMigrate.MySql.Session;

/// <summary>One column of a result set (Protocol::ColumnDefinition41).</summary>
/// <param name="Name">Alias or name.</param>
/// <param name="Type">Protocol type number, enum_field_types.</param>
/// <param name="CharsetId">Collation id; 63 is binary.</param>
/// <param name="Flags">Column flags, for example 32 for UNSIGNED.</param>
/// <param name="Length">Display length in bytes.</param>
/// <param name="Decimals">Decimals shown.</param>
public sealed record ResultColumn(string Name, byte Type, ushort CharsetId, ushort Flags, uint Length, byte Decimals);
