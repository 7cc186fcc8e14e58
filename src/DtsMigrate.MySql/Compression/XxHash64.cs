using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DtsMigrate.MySql.Compression;

/// <summary>XXH64 with seed 0, fed in pieces: the checksum of Zstandard frames.</summary>
/// <remarks>xxHash fast digest algorithm, version 0.1.1, "XXH64 algorithm description".</remarks>
internal sealed class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;
    private const int StripeLength = 32;

    private readonly byte[] _stripe = new byte[StripeLength];
    private int _held;
    private ulong _total;
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public XxHash64() => Reset();

    public void Reset()
    {
        _held = 0;
        _total = 0;
        _a = unchecked(Prime1 + Prime2);
        _b = Prime2;
        _c = 0;
        _d = unchecked(0 - Prime1);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _total += (ulong)bytes.Length;
        if (_held > 0)
        {
            int taken = Math.Min(StripeLength - _held, bytes.Length);
            bytes[..taken].CopyTo(_stripe.AsSpan(_held));
            _held += taken;
            bytes = bytes[taken..];
            if (_held < StripeLength)
            {
                return;
            }

            Stripes(_stripe);
            _held = 0;
        }

        int whole = bytes.Length & ~(StripeLength - 1);
        Stripes(bytes[..whole]);
        bytes[whole..].CopyTo(_stripe);
        _held = bytes.Length - whole;
    }

    public ulong Digest()
    {
        ulong hash = Prime5;
        if (_total >= StripeLength)
        {
            hash = BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7) + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18);
            hash = Merge(Merge(Merge(Merge(hash, _a), _b), _c), _d);
        }

        hash += _total;
        ReadOnlySpan<byte> rest = _stripe.AsSpan(0, _held);
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * Prime1) + Prime4;
        }

        if (rest.Length >= 4)
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1), 23) * Prime2) + Prime3;
            rest = rest[4..];
        }

        foreach (byte last in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (last * Prime5), 11) * Prime1;
        }

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private void Stripes(ReadOnlySpan<byte> bytes)
    {
        ulong a = _a, b = _b, c = _c, d = _d;
        for (; bytes.Length >= StripeLength; bytes = bytes[StripeLength..])
        {
            a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
            d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        }

        (_a, _b, _c, _d) = (a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Round(ulong accumulator, ulong lane) => BitOperations.RotateLeft(accumulator + (lane * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong accumulator) => ((hash ^ Round(0, accumulator)) * Prime1) + Prime4;
}
