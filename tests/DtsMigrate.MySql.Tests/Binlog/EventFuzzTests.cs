using System.Buffers;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Tests.Binlog;

/// <summary>Damaged events end in a value or an error, with memory bounded by their size.</summary>
public sealed class EventFuzzTests
{
    private static readonly ServerVersion Server = new(9, 7, 4, "9.7.4");
    private const int Rounds = 50_000;
    private const long BytesPerEvent = 800_000;

    [Fact]
    public void Damaged_events_end_in_a_value_or_a_protocol_error()
    {
        Random random = new(20240601);
        byte[][] events = [.. RecordedEvents.FirstFile, .. RecordedEvents.SecondFile];
        RowsReader reader = new();
        ArrayBufferWriter<byte> text = new(1 << 20);
        int parsed = 0, refused = 0;
        byte[][] maps = [.. events.Where(static e => e[4] == 19).DistinctBy(static e => e[19])];
        for (int round = 0; round < Rounds; round++)
        {
            byte[] damaged = Damage(random, events[random.Next(events.Length)]);
            BinlogEventParser parser = new(checksum: true);
            foreach (byte[] map in maps)
            {
                parser.Parse(map);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                parser.ParseAll(damaged, parsedEvent =>
                {
                    if (parsedEvent is RowsEvent rows)
                    {
                        ReadAll(rows, reader, text);
                    }
                });
                parsed++;
            }
            catch (MySqlProtocolException)
            {
                refused++;
            }
            finally
            {
                parser.Dispose();
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < BytesPerEvent, $"{allocated} bytes for an event of {damaged.Length}: {Convert.ToHexString(damaged)}");
        }

        Assert.True(parsed > Rounds / 10 && refused > Rounds / 10, $"{parsed} parsed, {refused} refused");
    }

    [Fact]
    public void Damaged_JSON_ends_in_text_or_a_protocol_error()
    {
        Random random = new(5);
        byte[] document = Json();
        ArrayBufferWriter<byte> output = new();
        int written = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] damaged = [.. document];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(random.Next(2) == 0 ? 256 : 16);
            }

            try
            {
                output.ResetWrittenCount();
                BinlogJson.WriteText(damaged, output);
                Assert.True(output.WrittenCount < 20 * damaged.Length);
                BinlogJson.TryWriteExpression(damaged, Server, output);
                written++;
            }
            catch (MySqlProtocolException)
            {
            }
            catch (DtsMigrateException e) when (e.Code == "JsonValueNotRepresentable")
            {
            }
        }

        Assert.InRange(written, Rounds / 100, Rounds);
    }

    [Fact]
    public void JSON_whose_containers_share_their_elements_is_refused()
    {
        // Arrays of two elements that both point at the next array: 2^90 elements if followed.
        List<byte> bytes = [JsonType.SmallArray];
        const int Depth = 90, Length = 10;
        for (int i = 0; i < Depth; i++)
        {
            byte[] size = BitConverter.GetBytes((ushort)(((Depth - i) * Length) + 4));
            bytes.AddRange([2, 0, size[0], size[1], JsonType.SmallArray, Length, 0, JsonType.SmallArray, Length, 0]);
        }

        bytes.AddRange([0, 0, 4, 0]);
        Assert.Contains("overlap", Assert.Throws<MySqlProtocolException>(() => BinlogJson.WriteText(bytes.ToArray(), new ArrayBufferWriter<byte>())).Message, StringComparison.Ordinal);
        Assert.Throws<MySqlProtocolException>(() => BinlogJson.TryWriteExpression(bytes.ToArray(), Server, new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void JSON_nested_too_deeply_is_refused()
    {
        List<byte> bytes = [JsonType.SmallArray];
        const int Depth = 200, Length = 7;
        for (int i = 0; i < Depth; i++)
        {
            byte[] size = BitConverter.GetBytes((ushort)(((Depth - i) * Length) + 4));
            bytes.AddRange([1, 0, size[0], size[1], JsonType.SmallArray, Length, 0]);
        }

        bytes.AddRange([0, 0, 4, 0]);
        Assert.Contains("nested", Assert.Throws<MySqlProtocolException>(() => BinlogJson.WriteText(bytes.ToArray(), new ArrayBufferWriter<byte>())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_rows_and_writing_their_text_allocates_nothing()
    {
        BinlogEventParser parser = new(checksum: true);
        RowsEvent? insert = null;
        foreach (byte[] bytes in RecordedEvents.FirstFile.TakeWhile(static e => e[4] != 42))
        {
            insert ??= parser.Parse(bytes) as RowsEvent;
        }

        RowsReader reader = new();
        ArrayBufferWriter<byte> text = new(1 << 16);
        ReadAll(insert!, reader, text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            ReadAll(insert!, reader, text);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void ReadAll(RowsEvent rows, RowsReader reader, ArrayBufferWriter<byte> text)
    {
        reader.Reset(rows);
        while (reader.Read())
        {
            if (rows.Kind != RowChangeKind.Insert)
            {
                Write(rows, reader.Before, text);
            }

            if (rows.Kind != RowChangeKind.Delete)
            {
                Write(rows, reader.After, text);
            }
        }
    }

    private static void Write(RowsEvent rows, RowImage image, ArrayBufferWriter<byte> text)
    {
        for (int i = 0; i < image.Count; i++)
        {
            if (image.IsPresent(i) && !image.IsNull(i))
            {
                text.ResetWrittenCount();
                BinlogValueWriter.WriteText(rows.Table.Columns[i], unsigned: false, image.GetRaw(i), text);
            }
        }
    }

    private static byte[] Damage(Random random, byte[] original)
    {
        byte[] bytes = [.. original];
        switch (random.Next(4))
        {
            case 0: // cut off
                bytes = bytes[..random.Next(23, bytes.Length + 1)];
                break;
            case 1: // longer
                bytes = [.. bytes, .. new byte[random.Next(1, 40)]];
                break;
        }

        for (int i = random.Next(1, 5); i > 0; i--)
        {
            int at = random.Next(6) == 0 ? 4 : random.Next(Math.Min(19, bytes.Length - 1), bytes.Length);
            bytes[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
        }

        // Most get a right length and checksum, so that the damage is seen by the parser and not by these.
        BitConverter.TryWriteBytes(bytes.AsSpan(9), bytes.Length);
        return random.Next(20) == 0 ? bytes : EventBytes.Sum(bytes);
    }

    private static byte[] Json()
    {
        BinlogEventParser parser = new(checksum: true);
        RowsReader reader = new();
        foreach (byte[] bytes in RecordedEvents.FirstFile)
        {
            if (parser.Parse(bytes) is RowsEvent rows)
            {
                reader.Reset(rows);
                reader.Read();
                return reader.After.GetRaw(16).ToArray();
            }
        }

        throw new InvalidOperationException("No rows were recorded.");
    }
}
