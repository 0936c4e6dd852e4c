using Google.Protobuf;

namespace Grid.Inference.Tests.Support;

/// <summary>Writes small ONNX files field by field; the numbers are those of onnx.proto.</summary>
internal sealed class OnnxBuilder
{
    public const int Float = 1;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int String = 8;
    public const int Bool = 9;
    public const int Float16 = 10;
    public const int Double = 11;
    public const int BFloat16 = 16;
    public const int Int4 = 22;

    private readonly List<byte[]> _graph = [];

    /// <summary>A model that gives back what it is given.</summary>
    /// <param name="type">Element type of input <c>x</c> and output <c>y</c>.</param>
    /// <param name="dimensions">Null: a dynamic one.</param>
    public static byte[] Identity(int type, params int?[] dimensions) =>
        new OnnxBuilder().Node("Identity", ["x"], ["y"]).Input("x", type, dimensions).Output("y", type, dimensions).Build();

    /// <summary>A model that takes positions 0 to 2 of a table of three floats, and throws for others.</summary>
    public static byte[] Lookup() =>
        new OnnxBuilder()
            .Initializer("table", [3, 1], [10f, 20f, 30f])
            .Node("Gather", ["table", "x"], ["y"])
            .Input("x", Int64, (int?)null)
            .Output("y", Float, null, 1)
            .Build();

    public OnnxBuilder Node(string type, string[] inputs, string[] outputs)
    {
        _graph.Add(Field(1, Message(
        [
            .. inputs.Select(i => Text(1, i)),
            .. outputs.Select(o => Text(2, o)),
            Text(4, type),
        ])));
        return this;
    }

    public OnnxBuilder Input(string name, int type, params int?[] dimensions) => Value(11, name, TensorType(type, dimensions));

    public OnnxBuilder Output(string name, int type, params int?[] dimensions) => Value(12, name, TensorType(type, dimensions));

    /// <summary>An output that is a sequence of float tensors.</summary>
    public OnnxBuilder SequenceOutput(string name) => Value(12, name, Field(4, Message([Field(1, TensorType(Float, [null]))])));

    public OnnxBuilder Initializer(string name, long[] shape, float[] values)
    {
        _graph.Add(Field(5, Message(
        [
            .. shape.Select(d => Number(1, d)),
            Number(2, Float),
            Text(8, name),
            Field(9, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray()),
        ])));
        return this;
    }

    public OnnxBuilder ExternalInitializer(string name, long[] shape, string location, string? offset = null, string? length = null)
    {
        byte[][] entries =
        [
            Entry("location", location),
            .. offset is null ? Array.Empty<byte[]>() : [Entry("offset", offset)],
            .. length is null ? Array.Empty<byte[]>() : [Entry("length", length)],
        ];
        _graph.Add(Field(5, Message([.. shape.Select(d => Number(1, d)), Number(2, Float), Text(8, name), .. entries, Number(14, 1)])));
        return this;

        static byte[] Entry(string key, string value) => Field(13, Message([Text(1, key), Text(2, value)]));
    }

    /// <summary>A node whose attribute holds a graph, whose node holds a graph, and so on.</summary>
    public OnnxBuilder Nested(int levels)
    {
        byte[] graph = [];
        for (var i = 0; i < levels; i++)
        {
            graph = Field(1, Message([Text(4, "If"), Field(5, Message([Field(6, graph)]))]));
        }

        _graph.Add(graph);
        return this;
    }

    public byte[] Build() => Message([Number(1, 8), Field(7, Message([.. _graph, Text(2, "test")])), Field(8, Message([Number(2, 13)]))]);

    private static byte[] TensorType(int type, int?[] dimensions) =>
        Field(1, Message([Number(1, type), Field(2, Message([.. dimensions.Select((d, i) => Field(1, d is { } size ? Number(1, size) : Text(2, $"d{i}")))]))]));

    private static byte[] Message(IEnumerable<byte[]> fields) => [.. fields.SelectMany(f => f)];

    private static byte[] Text(int field, string value) => Field(field, System.Text.Encoding.UTF8.GetBytes(value));

    private static byte[] Number(int field, long value) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    });

    private static byte[] Field(int field, byte[] content) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
    });

    private static byte[] Write(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(output);
        }

        return memory.ToArray();
    }

    private OnnxBuilder Value(int field, string name, byte[] type)
    {
        _graph.Add(Field(field, Message([Text(1, name), Field(2, type)])));
        return this;
    }
}
