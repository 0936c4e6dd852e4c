using Google.Protobuf;

namespace Grid.Inference.Signatures;

/// <summary>
/// Walks the protobuf of an ONNX model and keeps only what describes it: no generated classes, weights are skipped and never held.
/// Field numbers are those of onnx.proto. Every message is bounded by the length its parent gave it, and nesting by <see cref="MaxDepth"/>.
/// </summary>
internal sealed partial class OnnxGraphReader
{
    /// <summary>Messages within messages. A graph inside a graph takes three; real models nest a handful of graphs.</summary>
    public const int MaxDepth = 96;

    /// <summary>Inputs or outputs of one graph; the largest real models have some hundreds.</summary>
    public const int MaxValues = 4096;

    private const int Varint = 0;
    private const int Length = 2;

    private readonly CodedInputStream _input;
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);
    private readonly List<DeclaredValue> _inputs = [];
    private readonly List<DeclaredValue> _outputs = [];
    private long _limit;

    private OnnxGraphReader(CodedInputStream input, long length)
    {
        _input = input;
        _limit = length;
    }

    public long IrVersion { get; private set; }

    public bool HasGraph { get; private set; }

    public List<OpsetImport> Opsets { get; } = [];

    public List<ExternalWeights> External { get; } = [];

    /// <summary>Inputs that are no weights.</summary>
    public IEnumerable<DeclaredValue> Inputs => _inputs.Where(i => !_initializers.Contains(i.Name));

    public IReadOnlyList<DeclaredValue> Outputs => _outputs;

    /// <exception cref="InvalidProtocolBufferException">The bytes are no protobuf, or end too early.</exception>
    /// <exception cref="InvalidDataException">They are protobuf, but break a bound.</exception>
    public static OnnxGraphReader Read(Stream stream, long length)
    {
        using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, MaxDepth);
        var reader = new OnnxGraphReader(input, length);
        reader.ReadModel(length);
        return reader;
    }

    private static uint Tag(int field, int wire) => ((uint)field << 3) | (uint)wire;

    private void ReadModel(long end)
    {
        while (Next(end, out var tag))
        {
            if (tag == Tag(1, Varint))
            {
                IrVersion = _input.ReadInt64();
            }
            else if (tag == Tag(7, Length))
            {
                HasGraph = true;
                ReadGraph(1, isMain: true);
            }
            else if (tag == Tag(8, Length))
            {
                ReadOpset(1);
            }
            else if (tag == Tag(25, Length))
            {
                ReadFunction(1);
            }
            else
            {
                Skip(end);
            }
        }
    }

    private void ReadOpset(int depth)
    {
        var (domain, version) = ("", 0L);
        ReadFields(depth, tag =>
        {
            if (tag == Tag(1, Length))
            {
                domain = _input.ReadString();
            }
            else if (tag == Tag(2, Varint))
            {
                version = _input.ReadInt64();
            }
            else
            {
                return false;
            }

            return true;
        });

        Opsets.Add(new OpsetImport(domain, version));
    }

    private void ReadFunction(int depth)
    {
        ReadFields(depth, tag =>
        {
            if (tag == Tag(7, Length))
            {
                ReadNode(depth + 1);
                return true;
            }

            return false;
        });
    }

    private void ReadGraph(int depth, bool isMain)
    {
        ReadFields(depth, tag =>
        {
            if (tag == Tag(1, Length))
            {
                ReadNode(depth + 1);
            }
            else if (tag == Tag(5, Length))
            {
                var name = ReadTensor(depth + 1);
                if (isMain)
                {
                    _initializers.Add(name);
                }
            }
            else if (tag == Tag(15, Length))
            {
                var name = ReadSparseTensor(depth + 1);
                if (isMain)
                {
                    _initializers.Add(name);
                }
            }
            else if (isMain && (tag == Tag(11, Length) || tag == Tag(12, Length)))
            {
                var values = tag == Tag(11, Length) ? _inputs : _outputs;
                if (values.Count == MaxValues)
                {
                    throw new InvalidDataException($"has over {MaxValues} inputs or outputs");
                }

                values.Add(ReadValue(depth + 1));
            }
            else
            {
                return false;
            }

            return true;
        });
    }

    private void ReadNode(int depth)
    {
        ReadFields(depth, tag =>
        {
            if (tag == Tag(5, Length))
            {
                ReadAttribute(depth + 1);
                return true;
            }

            return false;
        });
    }

    private void ReadAttribute(int depth)
    {
        ReadFields(depth, tag =>
        {
            if (tag == Tag(5, Length) || tag == Tag(10, Length))
            {
                ReadTensor(depth + 1);
            }
            else if (tag == Tag(6, Length) || tag == Tag(11, Length))
            {
                ReadGraph(depth + 1, isMain: false);
            }
            else if (tag == Tag(22, Length) || tag == Tag(23, Length))
            {
                ReadSparseTensor(depth + 1);
            }
            else
            {
                return false;
            }

            return true;
        });
    }

    /// <summary>A sparse tensor is known by the name of its values.</summary>
    private string ReadSparseTensor(int depth)
    {
        var name = "";
        ReadFields(depth, tag =>
        {
            if (tag == Tag(1, Length))
            {
                name = ReadTensor(depth + 1);
            }
            else if (tag == Tag(2, Length))
            {
                ReadTensor(depth + 1);
            }
            else
            {
                return false;
            }

            return true;
        });

        return name;
    }

    private string ReadTensor(int depth)
    {
        var name = "";
        var isExternal = false;
        Dictionary<string, string>? where = null;
        ReadFields(depth, tag =>
        {
            if (tag == Tag(8, Length))
            {
                name = _input.ReadString();
            }
            else if (tag == Tag(13, Length))
            {
                var (key, value) = ReadEntry(depth + 1);
                (where ??= new(StringComparer.Ordinal))[key] = value;
            }
            else if (tag == Tag(14, Varint))
            {
                isExternal = _input.ReadInt64() == 1;
            }
            else
            {
                return false;
            }

            return true;
        });

        if (isExternal)
        {
            External.Add(new ExternalWeights(name, where?.GetValueOrDefault("location") ?? "", where?.GetValueOrDefault("offset"), where?.GetValueOrDefault("length")));
        }

        return name;
    }

    private (string Key, string Value) ReadEntry(int depth)
    {
        var (key, value) = ("", "");
        ReadFields(depth, tag =>
        {
            if (tag == Tag(1, Length))
            {
                key = _input.ReadString();
            }
            else if (tag == Tag(2, Length))
            {
                value = _input.ReadString();
            }
            else
            {
                return false;
            }

            return true;
        });

        return (key, value);
    }

    /// <summary>Reads the message that starts here, which must end inside the one around it; what <paramref name="read"/> refuses is skipped.</summary>
    private void ReadFields(int depth, Func<uint, bool> read)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"nests over {MaxDepth} levels deep");
        }

        var length = _input.ReadLength();
        var end = _input.Position + length;
        if (length < 0 || end > _limit)
        {
            throw new InvalidDataException("is truncated or damaged: a part is longer than what holds it");
        }

        var outer = _limit;
        _limit = end;
        while (Next(end, out var tag))
        {
            if (!read(tag))
            {
                Skip(end);
            }
        }

        _limit = outer;
    }

    private bool Next(long end, out uint tag)
    {
        if (_input.Position == end)
        {
            tag = 0;
            return false;
        }

        tag = _input.ReadTag();
        return tag != 0 && _input.Position <= end ? true : throw new InvalidDataException("is truncated or damaged: a part ends in the middle");
    }

    private void Skip(long end)
    {
        _input.SkipLastField();
        if (_input.Position > end)
        {
            throw new InvalidDataException("is truncated or damaged: a field is longer than what holds it");
        }
    }
}
