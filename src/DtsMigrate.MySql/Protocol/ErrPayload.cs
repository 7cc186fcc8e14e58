using System.Text;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Protocol;

/// <summary>An ERR packet (protocol::ERR_Packet).</summary>
internal readonly record struct ErrPayload(ushort Errno, string SqlState, string Message)
{
    public const byte Header = 0xFF;

    private const int SqlStateLength = 5;

    public static bool Is(ReadOnlySpan<byte> payload) => payload.Length > 0 && payload[0] == Header;

    /// <summary>Parses an ERR packet; before the handshake it has no SQLSTATE, which shows in the missing <c>#</c>.</summary>
    public static ErrPayload Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload, "ERR packet");
        reader.Skip(1);
        ushort errno = reader.ReadUInt16();
        string sqlState = "HY000";
        if (reader.Remaining > SqlStateLength && payload[reader.Offset] == (byte)'#')
        {
            reader.Skip(1);
            sqlState = Encoding.ASCII.GetString(reader.ReadBytes(SqlStateLength));
        }

        return new ErrPayload(errno, sqlState, Encoding.UTF8.GetString(reader.ReadRest()));
    }

    public MySqlServerException ToException(string? sql = null, int statementIndex = 0)
    {
        var (statement, message) = StatementText.ForError(sql, Message);
        return new MySqlServerException(Errno, SqlState, message, statement) { StatementIndex = statementIndex };
    }
}
