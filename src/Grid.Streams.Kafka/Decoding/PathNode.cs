using System.Text;

namespace Grid.Streams.Kafka;

/// <summary>One place in the values of a topic, and what is taken from it. The tree is built from the mapping and, where all scalars are taken, grows with the names that come up.</summary>
internal sealed class PathNode
{
    /// <summary>Names remembered under one parent; more are made anew each time, so that a stream of ever new names does not fill memory.</summary>
    private const int MaxChildren = 512;

    /// <summary>Deeper nesting is not taken as fields: a schema may contain itself.</summary>
    private const int MaxDepth = 16;

    private readonly List<PathNode> _children = [];
    private readonly byte[] _utf8;
    private readonly bool _isOpen;
    private readonly int _depth;
    private int _expected;

    private PathNode(PathNode? parent, string segment, bool isOpen)
    {
        _utf8 = Encoding.UTF8.GetBytes(segment);
        _isOpen = isOpen;
        _depth = parent is null ? 0 : parent._depth + 1;
        Path = parent is null or { Path: "" } ? segment : parent.Path + "." + segment;
        Name = NameOf(Path);
        IsTaken = isOpen;
    }

    public string Path { get; }

    /// <summary>What the event calls the field.</summary>
    public string Name { get; private set; }

    /// <summary>Whether the event gets the field.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Whether a scalar here is of any use.</summary>
    public bool IsWanted => IsTaken || IsSpecial;

    /// <summary>Whether type, tenant or time stand here.</summary>
    public bool IsSpecial { get; private set; }

    /// <summary>Where the record being decoded has its value, valid while <see cref="Stamp"/> is that record's.</summary>
    public int Slot { get; set; }

    public long Stamp { get; set; }

    public static string NameOf(string path) => path.Replace('.', '_');

    public static bool IsPath(string path) => path.Length > 0 && path.Split('.') is { } parts && parts.Length <= MaxDepth && parts.All(p => p.Length > 0);

    /// <summary>The root of a mapping's tree and the nodes of type, tenant and time, where they are fields.</summary>
    public static (PathNode Root, PathNode? Type, PathNode? Tenant, PathNode? Time) Build(RecordMapping mapping)
    {
        var root = new PathNode(null, "", isOpen: mapping.Fields is null);
        foreach (var field in mapping.Fields ?? [])
        {
            var node = root.Add(field.Path);
            node.IsTaken = true;
            node.Name = field.Name ?? NameOf(field.Path);
        }

        return (root, Special(mapping.Type), Special(mapping.Tenant), mapping.TimeField is null ? null : Mark(mapping.TimeField));

        PathNode? Special(ValueSource? source) => source is { Origin: ValueOrigin.Field } ? Mark(source.Name) : null;

        PathNode Mark(string path)
        {
            var node = root.Add(path);
            node.IsSpecial = true;
            return node;
        }
    }

    /// <summary>The node below, or null where nothing there is wanted.</summary>
    public PathNode? Child(ReadOnlySpan<byte> name)
    {
        // Records of a topic mostly have their fields in one order: look first where the last one pointed to.
        if (_expected < _children.Count && name.SequenceEqual(_children[_expected]._utf8))
        {
            return _children[_expected++];
        }

        for (var i = 0; i < _children.Count; i++)
        {
            if (name.SequenceEqual(_children[i]._utf8))
            {
                _expected = i + 1;
                return _children[i];
            }
        }

        if (!_isOpen || _depth >= MaxDepth)
        {
            return null;
        }

        var node = new PathNode(this, Encoding.UTF8.GetString(name), isOpen: true);
        if (_children.Count < MaxChildren)
        {
            _children.Add(node);
            _expected = _children.Count;
        }

        return node;
    }

    /// <summary>The next value begins: its first field is expected first.</summary>
    public void Restart() => _expected = 0;

    private PathNode Add(string path)
    {
        var node = this;
        foreach (var segment in path.Split('.'))
        {
            var utf8 = Encoding.UTF8.GetBytes(segment);
            var next = node._children.Find(c => utf8.AsSpan().SequenceEqual(c._utf8));
            if (next is null)
            {
                next = new PathNode(node, segment, _isOpen);
                node._children.Add(next);
            }

            node = next;
        }

        return node;
    }
}
