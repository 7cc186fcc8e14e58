using System.Runtime.CompilerServices;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>
/// Reads the answer to one command, statement by statement (Protocol::COM_QUERY_Response). <see cref="Pending"/> says whether the server
/// still owes packets: an exception that leaves it true leaves the connection out of step.
/// </summary>
internal sealed class ResponseReader
{
    private const byte LocalInfileHeader = 0xFB;

    /// <summary>The server's limit is 4096; views and joins do not pass it either.</summary>
    private const int MaxColumns = 65_535;

    private readonly SessionWire _wire;
    private string? _sql;

    public ResponseReader(SessionWire wire) => _wire = wire;

    /// <summary>True while the server owes packets of the running command.</summary>
    public bool Pending { get; private set; }

    /// <summary>True when another statement's result follows the one just read.</summary>
    public bool MoreResults { get; private set; }

    /// <summary>How many statements of the running command have been answered completely.</summary>
    public int Completed { get; private set; }

    /// <summary>Status flags of the last OK or EOF packet.</summary>
    public ServerStatus Status { get; private set; }

    /// <summary>The OK packet read last, or what an EOF packet tells of it.</summary>
    public StatementResult LastResult { get; private set; } = new(0, 0, 0, string.Empty);

    /// <summary>Columns of the result set that was begun.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; private set; } = [];

    /// <summary>A command goes out; from here on the server owes an answer.</summary>
    /// <param name="sql">Statement to show in errors; null for none.</param>
    public void Begin(string? sql)
    {
        _sql = sql;
        Pending = true;
        MoreResults = false;
        Completed = 0;
        Columns = [];
    }

    /// <summary>Reads the start of the next statement's answer; for a result set, its columns, too.</summary>
    public async ValueTask<ResponseKind> ReadHeadAsync()
    {
        await _wire.Input.ReadAsync().ConfigureAwait(false);
        switch (FirstByte())
        {
            case OkPayload.Header:
                End(OkPayload.Parse(_wire.Input.Payload));
                return ResponseKind.Ok;
            case ErrPayload.Header:
                throw Refused();
            case LocalInfileHeader:
                return ResponseKind.LocalInfile;
            default:
                await ReadColumnsAsync(ColumnCount()).ConfigureAwait(false);
                return ResponseKind.Rows;
        }
    }

    /// <summary>Moves to the next row if it is complete in the buffer.</summary>
    /// <param name="isRow">True for a row; false after the last one.</param>
    public bool TryReadRow(out bool isRow)
    {
        isRow = false;
        if (!_wire.Input.TryReadBuffered())
        {
            return false;
        }

        isRow = IsRow();
        return true;
    }

    /// <summary>Moves to the next row.</summary>
    /// <returns>False after the last row of this statement.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadRowAsync()
    {
        await _wire.Input.ReadAsync().ConfigureAwait(false);
        return IsRow();
    }

    /// <summary>Reads and drops everything the server still owes.</summary>
    /// <param name="insideRows">True when rows of a begun result set come first.</param>
    /// <param name="dropped">Told the bytes of each row dropped; may be null.</param>
    /// <exception cref="MySqlServerException">A later statement failed.</exception>
    public async ValueTask DrainAsync(bool insideRows, Action<int>? dropped)
    {
        while (Pending)
        {
            if (insideRows)
            {
                while (await ReadRowAsync().ConfigureAwait(false))
                {
                    dropped?.Invoke(_wire.Input.Payload.Length);
                }

                insideRows = false;
            }
            else
            {
                insideRows = await ReadHeadAsync().ConfigureAwait(false) switch
                {
                    ResponseKind.Rows => true,
                    ResponseKind.LocalInfile => throw Unasked(),
                    _ => false,
                };
            }
        }
    }

    /// <summary>The server asks for a file that no running statement of this session offered: it must not get one, whatever it is.</summary>
    public MySqlProtocolException Unasked() =>
        new($"{_wire.Transport.Endpoint} asked for a local file (LOCAL INFILE) although no such statement is running. Nothing was sent.");

    private int FirstByte() =>
        _wire.Input.Payload is { Length: > 0 } payload ? payload[0] : throw new MySqlProtocolException("An empty packet came where an answer is due.");

    private int ColumnCount()
    {
        var reader = new PacketReader(_wire.Input.Payload, "column count");
        ulong count = reader.ReadLenEncInteger();
        return count is > 0 and <= MaxColumns && reader.Remaining == 0
            ? (int)count
            : throw new MySqlProtocolException($"A result set with {count} columns ({reader.Remaining} bytes left over).");
    }

    private async ValueTask ReadColumnsAsync(int count)
    {
        var columns = new List<ResultColumn>(Math.Min(count, 256));
        while (columns.Count < count)
        {
            await _wire.Input.ReadAsync().ConfigureAwait(false);
            if (ErrPayload.Is(_wire.Input.Payload))
            {
                throw Refused();
            }

            columns.Add(ColumnDefinition.Parse(_wire.Input.Payload));
        }

        if (!_wire.DeprecateEof)
        {
            await _wire.Input.ReadAsync().ConfigureAwait(false);
            if (!EofPayload.Is(_wire.Input.Payload))
            {
                throw new MySqlProtocolException("The column definitions do not end with an EOF packet.");
            }
        }

        Columns = columns;
    }

    private bool IsRow()
    {
        var payload = _wire.Input.Payload;
        switch (FirstByte())
        {
            case ErrPayload.Header:
                throw Refused();

            // A row that starts with 0xFE has a field of at least 16 MiB and is itself longer.
            case OkPayload.EofHeader when payload.Length < PacketInput.FullPacket:
                if (_wire.DeprecateEof)
                {
                    End(OkPayload.Parse(payload));
                }
                else
                {
                    var eof = EofPayload.Parse(payload);
                    End(new OkPayload(0, 0, eof.Status, eof.Warnings, string.Empty));
                }

                return false;
            default:
                return true;
        }
    }

    private void End(OkPayload ok)
    {
        Status = ok.Status;
        MoreResults = ok.Status.HasFlag(ServerStatus.MoreResultsExist);
        Pending = MoreResults;
        Completed++;
        LastResult = new StatementResult(ok.AffectedRows, ok.LastInsertId, ok.Warnings, ok.Info);
    }

    /// <summary>An ERR packet ends the whole command, whatever was to follow.</summary>
    private MySqlServerException Refused()
    {
        var error = ErrPayload.Parse(_wire.Input.Payload);
        MoreResults = false;

        // After an ERR packet out of order the server closes the connection.
        Pending = _wire.Input.SawOutOfOrderError;
        return error.ToException(_sql, Completed);
    }
}
