using System.Buffers;
using System.Buffers.Binary;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>The elements of a JSON container that is being changed. Members of an object are kept in the server's order: shorter keys first, then by bytes.</summary>
internal sealed class JsonElements
{
    private const int LongestSmall = ushort.MaxValue;

    private readonly List<(ReadOnlyMemory<byte> Key, JsonElementValue Value)> _elements;
    private readonly bool _isObject;
    private bool _large;
    private long _size;

    private JsonElements(bool isObject, int capacity)
    {
        _isObject = isObject;
        _elements = new List<(ReadOnlyMemory<byte>, JsonElementValue)>(capacity);
    }

    public bool IsObject => _isObject;

    public int Count => _elements.Count;

    /// <summary>Type byte of the container; known after <see cref="Measure"/>.</summary>
    public byte Type => (byte)((_isObject ? JsonType.SmallObject : JsonType.SmallArray) + (_large ? 1 : 0));

    /// <summary>Opens a container.</summary>
    public static JsonElements Open(byte type, ReadOnlyMemory<byte> bytes)
    {
        var container = new JsonContainer(type, bytes.Span);
        var result = new JsonElements(JsonType.IsObject(type), container.Count + 1);
        long budget = bytes.Length - container.HeaderLength;
        for (int i = 0; i < container.Count; i++)
        {
            ReadOnlyMemory<byte> key = default;
            if (result._isObject)
            {
                var (start, length) = container.KeyRange(i);
                key = bytes.Slice(start, length);
                budget -= length;
            }

            byte valueType = container.Value(i, out int at, out bool inlined);
            var value = JsonElementValue.Read(valueType, bytes[at..]);
            budget -= inlined ? 0 : value.Raw.Length;
            if (budget < 0)
            {
                throw JsonContainer.Malformed("its values overlap");
            }

            result._elements.Add((key, value));
        }

        return result;
    }

    public JsonElementValue this[int index]
    {
        get => _elements[index].Value;
        set => _elements[index] = (_elements[index].Key, value);
    }

    /// <summary>Index of the element that a leg leads to; negative when there is none.</summary>
    public int Find(in JsonPathLeg leg)
    {
        if (leg.Key is { } key)
        {
            return _isObject ? Search(key) : -1;
        }

        long position = _isObject ? -1 : leg.Position(Count);
        return position < Count ? (int)Math.Max(position, -1) : -1;
    }

    /// <summary>Inserts a member that is not there, or an element before the one at the place, at the end when the array ends before it.</summary>
    /// <returns>False when the leg does not fit the container, or the member is there.</returns>
    public bool TryInsert(in JsonPathLeg leg, JsonElementValue value)
    {
        if (leg.Key is { } key)
        {
            int place = _isObject ? ~Search(key) : -1;
            if (place >= 0)
            {
                _elements.Insert(place, (key, value));
            }

            return place >= 0;
        }

        if (_isObject)
        {
            return false;
        }

        _elements.Insert((int)Math.Clamp(leg.Position(Count), 0, Count), (default, value));
        return true;
    }

    public void RemoveAt(int index) => _elements.RemoveAt(index);

    /// <summary>Computes the size in bytes, of all below too, which decides between the format's small and large form.</summary>
    public long Measure()
    {
        long keys = 0, smallValues = 0, largeValues = 0;
        foreach (var (key, value) in _elements)
        {
            long size = value.Elements?.Measure() ?? value.Raw.Length;
            keys += key.Length;
            smallValues += value.IsInlined(large: false) ? 0 : size;
            largeValues += value.IsInlined(large: true) ? 0 : size;
        }

        _size = HeaderLength(large: false) + keys + smallValues;
        _large = _size > LongestSmall;
        if (_large)
        {
            _size = HeaderLength(large: true) + keys + largeValues;
        }

        return _size;
    }

    /// <summary>Writes the container as it was measured.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        int header = (int)HeaderLength(_large), number = _large ? 4 : 2;
        var bytes = output.GetSpan(header)[..header];
        Put(ref bytes, (uint)Count, number);
        Put(ref bytes, (uint)_size, number);
        long offset = header;
        if (_isObject)
        {
            foreach (var (key, _) in _elements)
            {
                Put(ref bytes, (uint)offset, number);
                Put(ref bytes, (uint)key.Length, 2);
                offset += key.Length;
            }
        }

        foreach (var (_, value) in _elements)
        {
            Put(ref bytes, value.Elements?.Type ?? value.Type, 1);
            if (value.IsInlined(_large))
            {
                bytes[..number].Clear();
                value.Raw.Span.CopyTo(bytes);
                bytes = bytes[number..];
                continue;
            }

            Put(ref bytes, (uint)offset, number);
            offset += value.Elements?._size ?? value.Raw.Length;
        }

        output.Advance(header);
        foreach (var (key, _) in _elements)
        {
            output.Write(key.Span);
        }

        foreach (var (_, value) in _elements)
        {
            if (value.Elements is { } elements)
            {
                elements.Write(output);
            }
            else if (!value.IsInlined(_large))
            {
                output.Write(value.Raw.Span);
            }
        }
    }

    private long HeaderLength(bool large) => large ? 8 + (Count * (_isObject ? 11L : 5L)) : 4 + (Count * (_isObject ? 7L : 3L));

    private int Search(byte[] key)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            var other = _elements[middle].Key.Span;
            int order = other.Length != key.Length ? other.Length.CompareTo(key.Length) : other.SequenceCompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private static void Put(ref Span<byte> bytes, uint value, int length)
    {
        if (length == 1)
        {
            bytes[0] = (byte)value;
        }
        else if (length == 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }

        bytes = bytes[length..];
    }
}
