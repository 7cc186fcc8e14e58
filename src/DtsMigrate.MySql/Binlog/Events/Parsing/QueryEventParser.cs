using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Reads QUERY events (2) with their status variables.</summary>
internal static class QueryEventParser
{
    /// <summary>Post-header length of the formats understood here.</summary>
    public const int PostHeaderLength = 13;

    /// <summary>A count of touched databases above this one means "too many to list"; no names follow.</summary>
    private const int MaximumListedDatabases = 16;

    // BEGIN is in every transaction, COMMIT in those of engines without transactions.
    private static readonly byte[] Begin = [.. "BEGIN"u8];
    private static readonly byte[] Commit = [.. "COMMIT"u8];

    /// <summary>Reads an event.</summary>
    /// <param name="reader">What follows the header.</param>
    /// <param name="postHeaderLength">Length of the fixed part.</param>
    /// <param name="last">What the last event had: equal parts are not made again.</param>
    /// <param name="header">Header.</param>
    /// <param name="end">Where the event ends.</param>
    public static QueryEvent Parse(ref EventReader reader, int postHeaderLength, QueryParts last, in BinlogEventHeader header, BinlogCoordinate end)
    {
        reader.Skip(8); // thread id, seconds of execution
        int databaseLength = reader.UInt8();
        ushort errorCode = reader.UInt16();
        int variablesLength = reader.UInt16();
        reader.Skip(postHeaderLength - PostHeaderLength);
        ReadOnlySpan<byte> variables = reader.Bytes(variablesLength);
        QuerySessionContext context = last.FindContext(variables) ?? last.Keep(variables, ReadVariables(new EventReader(variables)));
        string database = last.Database(reader.Bytes(databaseLength));
        if (reader.UInt8() != 0)
        {
            throw new MySqlProtocolException("no zero byte after the database name");
        }

        return new QueryEvent
        {
            Header = header,
            End = end,
            Database = database,
            ErrorCode = errorCode,
            Context = context,
            SqlBytes = Own(reader.Rest()),
        };
    }

    private static byte[] Own(ReadOnlySpan<byte> sql) => sql.SequenceEqual(Begin) ? Begin : sql.SequenceEqual(Commit) ? Commit : sql.ToArray();

    /// <remarks>
    /// An unknown variable has no length of its own: neither it nor what follows can be read, so its meaning would be lost silently. It is an error.
    /// </remarks>
    private static QuerySessionContext ReadVariables(EventReader reader)
    {
        QuerySessionContext context = new();
        while (reader.Remaining > 0)
        {
            byte code = reader.UInt8();
            switch (code)
            {
                case 0:
                    context = context with { Flags2 = reader.UInt32() };
                    break;
                case 1:
                    context = context with { SqlMode = reader.UInt64() };
                    break;
                case 2: // catalog with a closing zero byte, 5.0.0 to 5.0.3
                    reader.Skip(reader.UInt8() + 1);
                    break;
                case 3:
                    context = context with { AutoIncrement = (reader.UInt16(), reader.UInt16()) };
                    break;
                case 4:
                    context = context with { Charsets = (reader.UInt16(), reader.UInt16(), reader.UInt16()) };
                    break;
                case 5:
                    context = context with { TimeZone = reader.Utf8(reader.UInt8()) };
                    break;
                case 6: // catalog
                    reader.Skip(reader.UInt8());
                    break;
                case 7: // lc_time_names
                    reader.Skip(2);
                    break;
                case 8:
                    context = context with { DatabaseCollation = reader.UInt16() };
                    break;
                case 9: // tables of a multi-table update
                    reader.Skip(8);
                    break;
                case 10: // length in the original log
                    reader.Skip(4);
                    break;
                case 11:
                    context = context with { Invoker = (reader.Utf8(reader.UInt8()), reader.Utf8(reader.UInt8())) };
                    break;
                case 12:
                    SkipDatabases(ref reader);
                    break;
                case 13: // microseconds of the start time
                    reader.Skip(3);
                    break;
                case 16:
                    context = context with { ExplicitDefaultsForTimestamp = reader.UInt8() != 0 };
                    break;
                case 17: // transaction number of an atomic DDL
                    reader.Skip(8);
                    break;
                case 18:
                    context = context with { DefaultUtf8mb4Collation = reader.UInt16() };
                    break;
                case 19:
                    context = context with { RequirePrimaryKey = reader.UInt8() == 1 };
                    break;
                case 20: // default_table_encryption
                case 21: // triggers on cascaded rows
                    reader.Skip(1);
                    break;
                default:
                    throw new MySqlProtocolException($"status variable {code} is not known, so the statement's session settings cannot be told");
            }
        }

        return context;
    }

    private static void SkipDatabases(ref EventReader reader)
    {
        int count = reader.UInt8();
        for (int i = 0; count <= MaximumListedDatabases && i < count; i++)
        {
            reader.NulTerminated();
        }
    }
}
