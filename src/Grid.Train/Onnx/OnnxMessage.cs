using System.Buffers;
using System.Text;
using Google.Protobuf;

namespace Grid.Train.Onnx;

/// <summary>Writes one protobuf message field by field; the callers know the field numbers of onnx.proto.</summary>
internal sealed class OnnxMessage
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public OnnxMessage Number(int field, long value) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    });

    public OnnxMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public OnnxMessage Message(int field, OnnxMessage value) => Bytes(field, value.ToArray());

    public OnnxMessage Floats(int field, IReadOnlyList<float> values) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteLength(values.Count * sizeof(float));
        foreach (var value in values)
        {
            output.WriteFloat(value);
        }
    });

    public OnnxMessage Numbers(int field, IReadOnlyList<long> values) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteLength(values.Sum(CodedOutputStream.ComputeInt64Size));
        foreach (var value in values)
        {
            output.WriteInt64(value);
        }
    });

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private OnnxMessage Bytes(int field, byte[] value) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    });

    private OnnxMessage Write(Action<CodedOutputStream> write)
    {
        using var field = new MemoryStream();
        using (var output = new CodedOutputStream(field, leaveOpen: true))
        {
            write(output);
        }

        _bytes.Write(field.GetBuffer().AsSpan(0, (int)field.Length));
        return this;
    }
}
