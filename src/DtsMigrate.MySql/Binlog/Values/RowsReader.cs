using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>Walks the rows of a rows event. Reuse one per thread: it keeps its offset arrays. Allocates nothing per row.</summary>
public sealed class RowsReader
{
    /// <summary>Starts on an event.</summary>
    public void Reset(RowsEvent rows) => throw new NotImplementedException();

    /// <summary>Moves to the next row.</summary>
    /// <returns>False after the last.</returns>
    /// <exception cref="MySqlProtocolException">The images do not fit the table map.</exception>
    public bool Read() => throw new NotImplementedException();

    /// <summary>Before image of the current row (UPDATE, DELETE). Valid until the next Read.</summary>
    public RowImage Before => throw new NotImplementedException();

    /// <summary>After image of the current row (INSERT, UPDATE). Valid until the next Read.</summary>
    public RowImage After => throw new NotImplementedException();
}
