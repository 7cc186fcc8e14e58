using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Events.Parsing;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog;

/// <summary>
/// Turns the bytes of binary log events into objects, without any input or output of its own. Events must be given in the order of the log:
/// the parser keeps the format description, the checksum algorithm, the table maps and the position. Not safe for several threads.
/// Dispose gives pooled buffers back.
/// </summary>
/// <remarks>MySQL source documentation, "Replication event checksum", "Binary log event" and the pages of each event.</remarks>
public sealed class BinlogEventParser : IDisposable
{
    /// <summary>Length of the common event header (v4), in bytes.</summary>
    public const int HeaderLength = 19;

    private const int ChecksumLength = 4;
    private const ushort IgnorableFlag = 0x80;
    private const ushort InUseFlag = 0x01;

    private readonly EventPool _pool = new();
    private readonly TableMapCache _tables;
    private readonly QueryParts _query = new();
    private TransactionPayloadReader? _payload;
    private BinlogEventHeader _payloadHeader;
    private BinlogCoordinate _payloadEnd;
    private bool _checksum;
    private int _tableIdLength = 6;
    private int _queryPostHeader = QueryEventParser.PostHeaderLength;
    private string _file = "";
    private ulong _offset;

    /// <summary>Creates a parser.</summary>
    /// <param name="checksum">True when events before the first FORMAT_DESCRIPTION carry a checksum: whether the dump was asked for with CRC32.</param>
    public BinlogEventParser(bool checksum)
    {
        _checksum = checksum;
        _tables = new TableMapCache(_pool);
    }

    /// <summary>Sets file and offset where the first event starts. A ROTATE event sets them, too.</summary>
    public void SetStart(BinlogCoordinate start)
    {
        _file = start.File;
        _offset = start.Offset;
        _tables.Clear();
    }

    /// <summary>A compressed transaction was begun, and its end was not reached.</summary>
    internal bool IsInPayload { get; private set; }

    /// <summary>Where the compressed transaction ends that was begun last.</summary>
    internal BinlogCoordinate PayloadEnd => _payloadEnd;

    /// <summary>Reads one event and, when it is a TRANSACTION_PAYLOAD, all events inside instead.</summary>
    /// <param name="eventBytes">The whole event, as for <see cref="Parse(ReadOnlySpan{byte})"/>.</param>
    /// <param name="receive">
    /// Is given each event. Those of a compressed transaction have no place of their own in the log: all of them end where it ends.
    /// </param>
    /// <exception cref="MySqlProtocolException">As for <see cref="Parse(ReadOnlySpan{byte})"/>; events may have been given before.</exception>
    public void ParseAll(ReadOnlySpan<byte> eventBytes, Action<BinlogEvent> receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        if (!IsPayload(eventBytes))
        {
            receive(Parse(eventBytes));
            return;
        }

        BeginPayload(eventBytes);
        ReadOnlySpan<byte> rest = eventBytes[HeaderLength..];
        while (ReadPayload(ref rest, isLast: true) is { } inner)
        {
            receive(inner);
        }
    }

    /// <summary>True for the first bytes of a TRANSACTION_PAYLOAD event.</summary>
    internal static bool IsPayload(ReadOnlySpan<byte> start) => start.Length >= HeaderLength && start[4] == EventType.TransactionPayload;

    /// <summary>Begins a TRANSACTION_PAYLOAD event, whose bytes may come in pieces.</summary>
    /// <param name="start">Starts with its header, which is all that is taken.</param>
    internal void BeginPayload(ReadOnlySpan<byte> start)
    {
        _payloadHeader = ReadHeader(start);
        try
        {
            _payload ??= new TransactionPayloadReader();
            _payload.Begin(start[..HeaderLength], _payloadHeader.Length, _checksum);
            _payloadEnd = new BinlogCoordinate(_file, EndOffset(_payloadHeader));
            IsInPayload = true;
        }
        catch (MySqlProtocolException e)
        {
            throw Described(_payloadHeader, e);
        }
    }

    /// <summary>Reads the next event inside.</summary>
    /// <param name="piece">Bytes of the outer event that follow those taken before; what is taken is cut off.</param>
    /// <param name="isLast">No more bytes of the outer event will come.</param>
    /// <returns>Null when more bytes are needed, or, when <see cref="IsInPayload"/> is false, all were read.</returns>
    internal BinlogEvent? ReadPayload(ref ReadOnlySpan<byte> piece, bool isLast)
    {
        try
        {
            if (_payload!.TryRead(ref piece, out ReadOnlySpan<byte> inner))
            {
                return ParseInner(inner);
            }

            if (_payload.IsOpen ? isLast : !piece.IsEmpty)
            {
                throw new MySqlProtocolException($"its header says {_payloadHeader.Length} bytes, and {(_payload.IsOpen ? "fewer" : "more")} came");
            }
        }
        catch (MySqlProtocolException e)
        {
            throw Described(_payloadHeader, e);
        }

        if (isLast)
        {
            IsInPayload = false;
            _offset = _payloadEnd.Offset;
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _payload?.Dispose();

    /// <summary>Reads one event.</summary>
    /// <param name="eventBytes">The whole event: header of 19 bytes, body, checksum when the log has them. May be reused afterwards.</param>
    /// <exception cref="MySqlProtocolException">
    /// Wrong checksum, malformed event, a kind of event that is not supported, or one of unknown type that is not marked ignorable. The message
    /// has type, file and offset. The parser must not be used further. A TRANSACTION_PAYLOAD is refused: see <see cref="ParseAll"/>.
    /// </exception>
    public BinlogEvent Parse(ReadOnlySpan<byte> eventBytes)
    {
        BinlogEventHeader header = ReadHeader(eventBytes);
        try
        {
            return Parse(eventBytes, header);
        }
        catch (MySqlProtocolException e)
        {
            throw Described(header, e);
        }
    }

    private BinlogEventHeader ReadHeader(ReadOnlySpan<byte> eventBytes)
    {
        if (eventBytes.Length < HeaderLength)
        {
            throw new MySqlProtocolException(
                string.Create(CultureInfo.InvariantCulture, $"An event of {eventBytes.Length} bytes at {_file}:{_offset}; the header alone has {HeaderLength}."));
        }

        return new BinlogEventHeader(
            Timestamp: BinaryPrimitives.ReadUInt32LittleEndian(eventBytes),
            Type: eventBytes[4],
            ServerId: BinaryPrimitives.ReadUInt32LittleEndian(eventBytes[5..]),
            Length: BinaryPrimitives.ReadUInt32LittleEndian(eventBytes[9..]),
            EndLogPosition: BinaryPrimitives.ReadUInt32LittleEndian(eventBytes[13..]),
            Flags: BinaryPrimitives.ReadUInt16LittleEndian(eventBytes[17..]));
    }

    private MySqlProtocolException Described(in BinlogEventHeader header, MySqlProtocolException e)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{_file}:{_offset}");
        return new MySqlProtocolException(
            string.Create(CultureInfo.InvariantCulture, $"{EventType.Name(header.Type)} event (type {header.Type}) after {place}: {e.Message}"), e)
        {
            Target = place,
            RecommendedAction = e.RecommendedAction,
        };
    }

    private BinlogEvent Parse(ReadOnlySpan<byte> bytes, in BinlogEventHeader header)
    {
        if (header.Length != (uint)bytes.Length)
        {
            throw new MySqlProtocolException($"its header says {header.Length} bytes, {bytes.Length} came");
        }

        if (header.Type == EventType.FormatDescription)
        {
            return FormatDescription(bytes, header);
        }

        ReadOnlySpan<byte> body = bytes[HeaderLength..];
        if (_checksum)
        {
            body = Verified(bytes, bytes)[HeaderLength..];
        }

        EventReader reader = new(body);
        switch (header.Type)
        {
            case EventType.Rotate:
                return Rotate(ref reader, header);
            case EventType.Heartbeat:
                return new HeartbeatEvent { Header = header, End = Advance(HeartbeatOffset(header.EndLogPosition)) };
            case EventType.HeartbeatV2:
                return new HeartbeatEvent { Header = header, End = Advance(Math.Max(_offset, SimpleEventParser.HeartbeatPosition(ref reader) ?? _offset)) };
        }

        ulong offset = EndOffset(header);
        BinlogEvent result = ParseBody(ref reader, header, new BinlogCoordinate(_file, offset));
        _offset = offset;
        return result;
    }

    /// <summary>Events inside a payload have no checksum.</summary>
    private BinlogEvent ParseInner(ReadOnlySpan<byte> bytes)
    {
        BinlogEventHeader header = ReadHeader(bytes);
        try
        {
            if (EventType.IsOutsideTransactions(header.Type))
            {
                throw new MySqlProtocolException("an event of this kind cannot be inside another one");
            }

            EventReader reader = new(bytes[HeaderLength..]);
            return ParseBody(ref reader, header, _payloadEnd);
        }
        catch (MySqlProtocolException e)
        {
            throw new MySqlProtocolException(
                string.Create(CultureInfo.InvariantCulture, $"{EventType.Name(header.Type)} event (type {header.Type}) inside it: {e.Message}"), e)
            { RecommendedAction = e.RecommendedAction };
        }
    }

    private BinlogEvent ParseBody(ref EventReader reader, in BinlogEventHeader header, BinlogCoordinate end)
    {
        switch (header.Type)
        {
            case EventType.TableMap:
                return TableMap(ref reader, header, end);
            case EventType.WriteRows or EventType.UpdateRows or EventType.DeleteRows
                or EventType.WriteRowsV1 or EventType.UpdateRowsV1 or EventType.DeleteRowsV1 or EventType.PartialUpdateRows:
                return Rows(ref reader, header, end);
            case EventType.Gtid or EventType.AnonymousGtid:
                return GtidEventParser.Parse(ref reader, header, end);
            case EventType.GtidTagged:
                return GtidEventParser.ParseTagged(ref reader, header, end);
            case EventType.Query:
                return QueryEventParser.Parse(ref reader, _queryPostHeader, _query, header, end);
            case EventType.Xid:
                _tables.EndStatement();
                return new XidEvent { Header = header, End = end, Xid = reader.UInt64() };
            case EventType.PreviousGtids:
                return new PreviousGtidsEvent { Header = header, End = end, Gtids = GtidSet.ParseBinary(reader.Rest()) };
            case EventType.RowsQuery:
                return SimpleEventParser.RowsQuery(ref reader, header, end);
            case EventType.XaPrepare:
                return SimpleEventParser.XaPrepare(ref reader, header, end);
            case EventType.Incident:
                return SimpleEventParser.Incident(ref reader, header, end);
            case EventType.Stop or EventType.Ignorable or EventType.TransactionContext or EventType.ViewChange:
                return new IgnorableEvent { Header = header, End = end };
            case EventType.TransactionPayload:
                throw new MySqlProtocolException("an event that holds others, where a single one is due");
            default:
                if ((header.Flags & IgnorableFlag) != 0)
                {
                    return new IgnorableEvent { Header = header, End = end };
                }

                throw EventType.IsStatementFormat(header.Type)
                    ? Unsupported("a change was logged in statement format", "Set binlog_format=ROW on the source, in every session, and start again from a later position.")
                    : new MySqlProtocolException("this type is not known and the event is not marked ignorable");
        }
    }

    private FormatDescriptionEvent FormatDescription(ReadOnlySpan<byte> bytes, in BinlogEventHeader header)
    {
        // The event that opens the log always has room for a checksum, whichever algorithm its last byte before that names.
        ReadOnlySpan<byte> body = bytes[HeaderLength..];
        bool aware = body.Length > 2 + 50 && ChecksumSupport.IsIn(body.Slice(2, 50));
        bool checksum = false;
        if (aware)
        {
            if (body.Length < ChecksumLength + 1)
            {
                throw new MySqlProtocolException("no room for the checksum algorithm");
            }

            byte algorithm = body[^(ChecksumLength + 1)];
            checksum = algorithm switch
            {
                0 => false,
                1 => true,
                _ => throw new MySqlProtocolException($"checksum algorithm {algorithm} is not known"),
            };
            if (checksum)
            {
                // The server sets and clears this flag in place without a new checksum.
                byte[] copy = bytes.ToArray();
                BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(17), (ushort)(header.Flags & ~InUseFlag));
                Verified(copy, bytes);
            }

            body = body[..^(ChecksumLength + 1)];
        }

        ulong offset = EndOffset(header);
        EventReader reader = new(body);
        FormatDescriptionEvent result = SimpleEventParser.FormatDescription(ref reader, checksum, header, new BinlogCoordinate(_file, offset));
        _tableIdLength = PostHeaderLength(result, EventType.TableMap, 8) == 6 ? 4 : 6;
        _queryPostHeader = PostHeaderLength(result, EventType.Query, QueryEventParser.PostHeaderLength);
        if (_queryPostHeader < QueryEventParser.PostHeaderLength)
        {
            throw new MySqlProtocolException("logs written before MySQL 5.0 are not supported");
        }

        _checksum = checksum;
        _offset = offset;
        _tables.Clear();
        return result;
    }

    private RotateEvent Rotate(ref EventReader reader, in BinlogEventHeader header)
    {
        ulong position = reader.UInt64();
        BinlogCoordinate next = new(Encoding.UTF8.GetString(reader.Rest()), position);
        bool artificial = header.EndLogPosition == 0;
        BinlogCoordinate end = artificial ? next : new BinlogCoordinate(_file, EndOffset(header));
        _file = next.File;
        _offset = next.Offset;
        _tables.Clear();
        return new RotateEvent { Header = header, End = end, Next = next };
    }

    private TableMapEvent TableMap(ref EventReader reader, in BinlogEventHeader header, BinlogCoordinate end)
    {
        ulong tableId = reader.UInt(_tableIdLength);
        reader.Skip(2);
        ReadOnlySpan<byte> body = reader.Rest();
        TableMapEvent? map = _tables.Repeat(tableId, body, header, end);
        if (map is null)
        {
            EventReader bodyReader = new(body);
            map = TableMapEventParser.Parse(ref bodyReader, tableId, header, end);
            _tables.Add(map, body);
        }

        return map;
    }

    private BinlogEvent Rows(ref EventReader reader, in BinlogEventHeader header, BinlogCoordinate end)
    {
        ulong tableId = reader.UInt(_tableIdLength);
        ushort flags = reader.UInt16();
        bool endsStatement = (flags & RowsEventParser.StatementEnd) != 0;
        TableMapEvent? table = _tables.Find(tableId);
        BinlogEvent result;
        if (table is not null)
        {
            result = RowsEventParser.Parse(ref reader, table, flags, header, end, _pool);
        }
        else if (tableId == RowsEventParser.DummyTableId && endsStatement)
        {
            result = new IgnorableEvent { Header = header, End = end };
        }
        else
        {
            throw new MySqlProtocolException($"no table map for table id {tableId}");
        }

        if (endsStatement)
        {
            _tables.EndStatement();
        }

        return result;
    }

    /// <summary>
    /// end_log_pos has 32 bits and wraps in files above 4 GiB; events may also be missing from the stream. So: the event's length where that
    /// agrees with the 32 bits, else the next offset that has them.
    /// </summary>
    private ulong EndOffset(in BinlogEventHeader header)
    {
        if (header.EndLogPosition == 0)
        {
            return _offset; // made up by the dump thread, not in the file
        }

        ulong expected = _offset + header.Length;
        return (uint)expected == header.EndLogPosition ? expected : expected + (header.EndLogPosition - (uint)expected);
    }

    /// <summary>A heartbeat repeats the position reached, or one further on; never one behind.</summary>
    private ulong HeartbeatOffset(uint endLogPosition)
    {
        uint ahead = endLogPosition - (uint)_offset;
        return endLogPosition != 0 && ahead <= int.MaxValue ? _offset + ahead : _offset;
    }

    private BinlogCoordinate Advance(ulong offset)
    {
        _offset = offset;
        return new BinlogCoordinate(_file, offset);
    }

    private static ReadOnlySpan<byte> Verified(ReadOnlySpan<byte> summed, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength + ChecksumLength)
        {
            throw new MySqlProtocolException("no room for its checksum");
        }

        uint computed = Crc32.Compute(summed[..^ChecksumLength]);
        uint sent = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumLength..]);
        return computed == sent
            ? bytes[..^ChecksumLength]
            : throw new MySqlProtocolException($"wrong checksum: {sent:X8} sent, {computed:X8} computed");
    }

    private static int PostHeaderLength(FormatDescriptionEvent description, byte type, int otherwise) =>
        description.PostHeaderLengths.Length >= type ? description.PostHeaderLengths.Span[type - 1] : otherwise;

    private static MySqlProtocolException Unsupported(string what, string action) => new(what) { RecommendedAction = action };
}
