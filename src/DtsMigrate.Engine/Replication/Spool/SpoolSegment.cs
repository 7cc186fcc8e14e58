using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Replication.Spool;

/// <summary>
/// A file of the spool: the position before it, then events as the source sent them, from the ROTATE that names the source's file on. So each can be read by itself.
/// </summary>
internal sealed class SpoolSegment(string path, long number, SourcePosition before)
{
    private const string Extension = ".spool";
    private const string CoordinatePrefix = "file:";
    private static readonly byte[] Magic = "dtsmigrate spool 1\n"u8.ToArray();

    private long _published;
    private volatile bool _finished;

    public string Path { get; } = path;

    public long Number { get; } = number;

    /// <summary>Everything before the first transaction in it.</summary>
    public SourcePosition Before { get; } = before;

    /// <summary>Bytes that may be read: whole events.</summary>
    public long Published
    {
        get => Interlocked.Read(ref _published);
        set => Interlocked.Exchange(ref _published, value);
    }

    /// <summary>Nothing will be added.</summary>
    public bool IsFinished
    {
        get => _finished;
        set => _finished = value;
    }

    public static string PathOf(string folder, long number) => System.IO.Path.Combine(folder, number.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    public static long? NumberOf(string path) =>
        path.EndsWith(Extension, StringComparison.Ordinal) && long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>Writes the head: magic, length and text of the position, their digest. The text is that of a GTID set, or <c>file:NAME:OFFSET</c>.</summary>
    public static void WriteHead(Stream stream, SourcePosition before)
    {
        byte[] text = Encoding.UTF8.GetBytes(before.Gtids?.ToString() ?? before.ToString());
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        byte[] head = [.. Magic, .. length, .. text];
        stream.Write(head);
        stream.Write(SHA256.HashData(head));
    }

    /// <summary>Reads the head and leaves the stream behind it; null when it is damaged.</summary>
    public static SourcePosition? ReadHead(Stream stream)
    {
        byte[] start = new byte[Magic.Length + 4];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Magic.Length));
        if (length < 0 || length > stream.Length - stream.Position - SHA256.HashSizeInBytes)
        {
            return null;
        }

        byte[] text = new byte[length];
        byte[] digest = new byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(text);
        stream.ReadExactly(digest);
        return SHA256.HashData([.. start, .. text]).AsSpan().SequenceEqual(digest) ? Position(Encoding.UTF8.GetString(text)) : null;
    }

    private static SourcePosition Position(string text) =>
        text.StartsWith(CoordinatePrefix, StringComparison.Ordinal) ? SourcePosition.Parse(text) : SourcePosition.Of(GtidSet.Parse(text));
}
