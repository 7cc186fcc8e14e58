namespace DtsMigrate.MySql.Compression;

/// <summary>Reads a bit stream from its start, low bits first. Meant for short headers.</summary>
internal ref struct ForwardBitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _bit;

    /// <summary>Bytes of which at least one bit was read.</summary>
    public readonly int BytesRead => (_bit + 7) / 8;

    public int Read(int count)
    {
        int value = 0;
        for (int i = 0; i < count; i++, _bit++)
        {
            if (_bit >> 3 >= _bytes.Length)
            {
                throw ZstandardException.CutOff();
            }

            value |= ((_bytes[_bit >> 3] >> (_bit & 7)) & 1) << i;
        }

        return value;
    }

    /// <summary>Takes the last bits back.</summary>
    public void Unread(int count) => _bit -= count;
}
