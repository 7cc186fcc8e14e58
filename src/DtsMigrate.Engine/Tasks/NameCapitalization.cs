namespace DtsMigrate.Engine.Tasks;

/// <summary>Capital and small letters in the names of objects on the destination. Names that the task gives with <c>to</c> stay as given, unless the destination keeps names in lower case.</summary>
public enum NameCapitalization
{
    /// <summary>Databases and tables in lower case where the destination compares names without case (lower_case_table_names is 1 or 2), else all as on the source; columns as on the source.</summary>
    Default,

    /// <summary>All as on the source. A destination with lower_case_table_names=1 keeps databases and tables in lower case all the same.</summary>
    SameAsSource,

    /// <summary>Databases, tables, views and columns of tables in upper case.</summary>
    Uppercase,

    /// <summary>Databases, tables, views and columns of tables in lower case.</summary>
    Lowercase,
}
