namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>What is known so far of a column while its table map is read.</summary>
internal struct TableMapColumnBuilder
{
    public byte Type;
    public int Metadata;
    public bool IsNullable;
    public bool? IsUnsigned;
    public int? CollationId;
    public string? Name;
    public bool? IsVisible;

    public readonly TableMapColumn Build() => new()
    {
        Type = Type,
        Metadata = Metadata,
        IsNullable = IsNullable,
        IsUnsigned = IsUnsigned,
        CollationId = CollationId,
        Name = Name,
        IsVisible = IsVisible,
    };
}
