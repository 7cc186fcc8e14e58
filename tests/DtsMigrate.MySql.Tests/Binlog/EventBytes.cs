using System.Buffers.Binary;
using DtsMigrate.MySql.Binlog.Events.Parsing;

namespace DtsMigrate.MySql.Tests.Binlog;

/// <summary>Builds the bytes of events.</summary>
internal static class EventBytes
{
    public const byte Query = 2, Stop = 3, Rotate = 4, TableMap = 19, WriteRowsV1 = 23, UpdateRowsV1 = 24, WriteRows = 30;

    public static byte[] Build(byte type, ReadOnlySpan<byte> body, uint end = 0, ushort flags = 0, bool checksum = false, uint timestamp = 1)
    {
        byte[] bytes = new byte[19 + body.Length + (checksum ? 4 : 0)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, timestamp);
        bytes[4] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(5), 77);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(9), (uint)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(13), end);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(17), flags);
        body.CopyTo(bytes.AsSpan(19));
        return checksum ? Sum(bytes) : bytes;
    }

    /// <summary>Makes the last four bytes the right checksum of the others.</summary>
    public static byte[] Sum(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32.Compute(bytes.AsSpan(0, bytes.Length - 4)));
        return bytes;
    }

    public static byte[] RotateTo(string file, ulong position, uint end = 0, bool checksum = false)
    {
        byte[] body = new byte[8 + file.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(body, position);
        System.Text.Encoding.ASCII.GetBytes(file, body.AsSpan(8));
        return Build(Rotate, body, end, checksum: checksum);
    }

    /// <summary>Table map of db.t with the given types and metadata, all nullable.</summary>
    public static byte[] Table(byte id, byte[] types, byte[] metadata, params byte[] optional)
    {
        byte[] nullable = new byte[(types.Length + 7) / 8];
        Array.Fill(nullable, (byte)0xFF);
        return Build(TableMap, [id, 0, 0, 0, 0, 0, 1, 0, 2, (byte)'d', (byte)'b', 0, 1, (byte)'t', 0, (byte)types.Length, .. types, (byte)metadata.Length, .. metadata, .. nullable, .. optional]);
    }
}
