namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>One step of a JSON path: to a member of an object, or to an element of an array.</summary>
/// <param name="Key">Key of the member, UTF-8; null for an element.</param>
/// <param name="Index">Index of the element, from 0.</param>
/// <param name="IsFromEnd">The index counts back from the last element.</param>
internal readonly record struct JsonPathLeg(byte[]? Key, uint Index, bool IsFromEnd)
{
    /// <summary>Index in an array of that many elements; negative when it lies before the first.</summary>
    public long Position(int count) => IsFromEnd ? count - 1L - Index : Index;
}
