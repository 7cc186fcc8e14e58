using System.Buffers;

namespace DtsMigrate.Engine.Replication.Merge;

/// <summary>Bytes that live as long as a window: appended to pooled blocks, never moved, all given up at once.</summary>
internal sealed class ByteArena : IDisposable
{
    private const int BlockBytes = 1 << 20;

    private readonly List<byte[]> _blocks = [];
    private int _block = -1;
    private int _used;

    /// <summary>Bytes taken since the last <see cref="Clear"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keeps bytes.</summary>
    /// <returns>Where they are.</returns>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        if (_block < 0 || _blocks[_block].Length - _used < bytes.Length)
        {
            Advance(bytes.Length);
        }

        bytes.CopyTo(_blocks[_block].AsSpan(_used));
        long at = ((long)_block << 32) | (uint)_used;
        _used += bytes.Length;
        Bytes += bytes.Length;
        return at;
    }

    /// <summary>Writes over bytes that were kept; no more than there were.</summary>
    public void Overwrite(long at, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_blocks[(int)(at >> 32)].AsSpan((int)at));

    /// <summary>Bytes that were kept.</summary>
    public ReadOnlySpan<byte> Get(long at, int length) => _blocks[(int)(at >> 32)].AsSpan((int)at, length);

    /// <summary>Gives everything up. Blocks of the common size are kept for the next window.</summary>
    public void Clear()
    {
        for (int i = _blocks.Count - 1; i >= 0; i--)
        {
            if (_blocks[i].Length > BlockBytes)
            {
                ArrayPool<byte>.Shared.Return(_blocks[i]);
                _blocks.RemoveAt(i);
            }
        }

        _block = -1;
        _used = 0;
        Bytes = 0;
    }

    public void Dispose()
    {
        _blocks.ForEach(b => ArrayPool<byte>.Shared.Return(b));
        _blocks.Clear();
        _block = -1;
    }

    // Blocks that are kept from an earlier window come first; one that is too small for a long value is passed over.
    private void Advance(int length)
    {
        _used = 0;
        do
        {
            _block++;
            if (_block == _blocks.Count)
            {
                _blocks.Add(ArrayPool<byte>.Shared.Rent(Math.Max(BlockBytes, length)));
            }
        }
        while (_blocks[_block].Length < length);
    }
}
