using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DtsMigrate.Testing;

/// <summary>The server's end of one connection, for scripts. The packet counter follows the protocol unless a script sets it.</summary>
public sealed class FakeConnection : IDisposable
{
    private const int HeaderLength = 4;
    private readonly Socket _socket;
    private Stream _stream;

    internal FakeConnection(Socket socket, int number, CancellationToken end)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Number = number;
        End = end;
    }

    /// <summary>Counts the connections of the server from 1.</summary>
    public int Number { get; }

    /// <summary>Cancelled when the server is disposed.</summary>
    public CancellationToken End { get; }

    /// <summary>Number of the next packet to send.</summary>
    public byte Sequence { get; set; }

    /// <summary>Sends payloads of less than 16 MiB - 1 as one packet each.</summary>
    public async Task SendAsync(params byte[][] payloads)
    {
        using var all = new MemoryStream();
        foreach (byte[] payload in payloads)
        {
            all.Write([(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), Sequence++]);
            all.Write(payload);
        }

        await SendRawAsync(all.ToArray());
    }

    /// <summary>Sends bytes without a frame.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, End);
        await _stream.FlushAsync(End);
    }

    /// <summary>Receives one packet; the next one sent carries the number after it.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        var header = new byte[HeaderLength];
        await _stream.ReadExactlyAsync(header, End);
        var payload = new byte[header[0] | (header[1] << 8) | (header[2] << 16)];
        await _stream.ReadExactlyAsync(payload, End);
        Sequence = (byte)(header[3] + 1);
        return payload;
    }

    /// <summary>Receives a command and returns its text without the command byte.</summary>
    public async Task<string> ReceiveCommandAsync() => Encoding.UTF8.GetString((await ReceiveAsync()).AsSpan(1));

    /// <summary>Greets, accepts whatever the client answers, and answers its first statements.</summary>
    public async Task LogInAsync(FakeGreeting greeting)
    {
        await SendAsync(greeting.ToPayload());
        await ReceiveAsync();
        await SendAsync(FakePackets.Ok());
        await AnswerIdentityAsync();
    }

    /// <summary>Answers the two statements that every session begins with: character set, and who is there.</summary>
    public async Task AnswerIdentityAsync()
    {
        await ReceiveAsync();
        await SendAsync(FakePackets.Identity(Number));
    }

    /// <summary>Answers a query with one text column and the given rows.</summary>
    public Task SendRowsAsync(params string[] rows) =>
        SendAsync([FakePackets.ColumnCount(1), FakePackets.Column("c"), .. rows.Select(row => FakePackets.Row(row)), FakePackets.EndOfRows()]);

    /// <summary>Goes over to TLS as the server's side; call it after the SSLRequest was received.</summary>
    public async Task StartTlsAsync(X509Certificate2 certificate)
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, End);
        _stream = tls;
    }

    /// <summary>Waits until the client closes, or the server is disposed.</summary>
    public async Task SilenceAsync()
    {
        var drop = new byte[4096];
        while (await _stream.ReadAsync(drop, End) > 0)
        {
            // Whatever comes is not answered.
        }
    }

    /// <summary>Ends the connection after what was sent has gone out.</summary>
    public void Close()
    {
        if (_socket.Connected)
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>Breaks the connection with RST.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
