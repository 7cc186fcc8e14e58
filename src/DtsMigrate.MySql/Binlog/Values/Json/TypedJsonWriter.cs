using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>
/// Walks a document in the server's order: a container's children are numbered together, then each child that is a container is walked. Subtrees without marked
/// nodes are embedded as text.
/// </summary>
internal sealed class TypedJsonWriter
{
    private readonly ServerVersion _server;
    private readonly IBufferWriter<byte> _output;
    private readonly List<Subtree> _subtrees = [];
    private Numbering _members;
    private Numbering _elements;
    private int _next;

    public TypedJsonWriter(ReadOnlyMemory<JsonNodeMark> members, ReadOnlyMemory<JsonNodeMark> elements, ServerVersion server, IBufferWriter<byte> output)
    {
        _server = server;
        _output = output;
        _members = new Numbering(members);
        _elements = new Numbering(elements);
    }

    public void Write(JsonElement root)
    {
        if (root.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            Scan(root);
            if (_members.Found != _members.Count || _elements.Found != _elements.Count)
            {
                throw NotThese();
            }

            _members.Given = 0;
            _elements.Given = 0;
            WriteContainer(root);
            return;
        }

        if (_members.Count != 1 || _elements.Count != 0)
        {
            throw NotThese();
        }

        _output.Write("CAST("u8);
        JsonNodeExpression.Write(root, _members.KindOf(0) ?? throw NotThese(), _server, _output);
        _output.Write(" AS JSON)"u8);
    }

    private static DtsMigrateException NotThese() => new("JsonTypesNotCarried", "The types that the source lists for a JSON document are not those of its text.");

    private static int CountOf(JsonElement container) => container.ValueKind == JsonValueKind.Object ? container.GetPropertyCount() : container.GetArrayLength();

    /// <summary>Numbers all nodes and finds out which containers hold marked ones.</summary>
    private bool Scan(JsonElement container)
    {
        int index = _subtrees.Count;
        _subtrees.Add(default);
        bool isObject = container.ValueKind == JsonValueKind.Object;
        ref var numbering = ref isObject ? ref _members : ref _elements;
        bool marked = numbering.Take(CountOf(container));
        if (isObject)
        {
            foreach (var member in container.EnumerateObject())
            {
                marked |= IsContainer(member.Value) && Scan(member.Value);
            }
        }
        else
        {
            foreach (var element in container.EnumerateArray())
            {
                marked |= IsContainer(element) && Scan(element);
            }
        }

        _subtrees[index] = new Subtree(marked, _subtrees.Count, _members.Given, _elements.Given);
        return marked;
    }

    private void WriteContainer(JsonElement container)
    {
        var subtree = _subtrees[_next++];
        if (!subtree.Marked)
        {
            (_next, _members.Given, _elements.Given) = (subtree.Next, subtree.Members, subtree.Elements);
            WriteText(container);
            return;
        }

        if (container.ValueKind == JsonValueKind.Object)
        {
            int ordinal = _members.Given;
            _members.Given += CountOf(container);
            _output.Write("JSON_OBJECT("u8);
            bool first = true;
            foreach (var member in container.EnumerateObject())
            {
                _output.Write(first ? "_utf8mb4 X'"u8 : ", _utf8mb4 X'"u8);
                first = false;
                JsonBinaryExpression.Hex(Encoding.UTF8.GetBytes(member.Name), _output);
                _output.Write("', "u8);
                WriteValue(member.Value, _members.KindOf(++ordinal));
            }
        }
        else
        {
            int ordinal = _elements.Given;
            _elements.Given += CountOf(container);
            _output.Write("JSON_ARRAY("u8);
            bool first = true;
            foreach (var element in container.EnumerateArray())
            {
                _output.Write(first ? ""u8 : ", "u8);
                first = false;
                WriteValue(element, _elements.KindOf(++ordinal));
            }
        }

        _output.Write(")"u8);
    }

    private void WriteValue(JsonElement value, JsonNodeKind? kind)
    {
        if (kind is { } known)
        {
            JsonNodeExpression.Write(value, known, _server, _output);
        }
        else if (IsContainer(value))
        {
            WriteContainer(value);
        }
        else
        {
            WriteText(value);
        }
    }

    private void WriteText(JsonElement value)
    {
        _output.Write("CAST(_utf8mb4 X'"u8);
        JsonBinaryExpression.Hex(JsonMarshal.GetRawUtf8Value(value), _output);
        _output.Write("' AS JSON)"u8);
    }

    private static bool IsContainer(JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    /// <summary>A container: whether marked nodes are in it, and the numbers of what follows it.</summary>
    private readonly record struct Subtree(bool Marked, int Next, int Members, int Elements);

    /// <summary>Gives numbers to nodes and knows the marked ones.</summary>
    private struct Numbering
    {
        private readonly Dictionary<int, JsonNodeKind> _marks;

        public Numbering(ReadOnlyMemory<JsonNodeMark> marks)
        {
            _marks = new Dictionary<int, JsonNodeKind>(marks.Length);
            foreach (var mark in marks.Span)
            {
                if (!_marks.TryAdd(mark.Ordinal, mark.Kind))
                {
                    throw NotThese();
                }
            }
        }

        public int Given { get; set; }

        public int Found { get; private set; }

        public readonly int Count => _marks.Count;

        public readonly JsonNodeKind? KindOf(int ordinal) => _marks.TryGetValue(ordinal, out var kind) ? kind : null;

        /// <summary>Numbers the children of a container.</summary>
        /// <returns>True when one of them is marked.</returns>
        public bool Take(int count)
        {
            int before = Found;
            for (int i = 0; i < count; i++)
            {
                Found += _marks.ContainsKey(++Given) ? 1 : 0;
            }

            return Found > before;
        }
    }
}
