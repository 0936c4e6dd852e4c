using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Grid.Inference.Signatures;
using Grid.Primitives;
using Microsoft.ML.OnnxRuntime;
using OrtElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace Grid.Inference.Tensors;

/// <summary>Runs a session on a request's tensors: inputs are read where they lie, outputs are copied out once.</summary>
internal static class TensorRunner
{
    /// <summary>An address for tensors without elements, which have none.</summary>
    private static readonly byte[] Nothing = GC.AllocateArray<byte>(64, pinned: true);

    /// <param name="session">The session.</param>
    /// <param name="runOptions">Shared; never terminated.</param>
    /// <param name="inputs">Checked against the signature.</param>
    /// <param name="outputs">Names to compute.</param>
    /// <exception cref="OnnxRuntimeException">The model failed.</exception>
    /// <exception cref="GridException">An output has a type that is not offered.</exception>
    public static Tensor[] Run(InferenceSession session, RunOptions runOptions, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs)
    {
        var names = new string[inputs.Count];
        var values = new List<OrtValue>(inputs.Count);
        var pins = new List<MemoryHandle>(inputs.Count);
        try
        {
            for (var i = 0; i < inputs.Count; i++)
            {
                names[i] = inputs[i].Name;
                values.Add(Wrap(inputs[i], pins));
            }

            using var results = session.Run(runOptions, names, values, outputs);
            var tensors = new Tensor[outputs.Count];
            for (var i = 0; i < tensors.Length; i++)
            {
                tensors[i] = Read(outputs[i], results[i]);
            }

            return tensors;
        }
        finally
        {
            values.ForEach(static v => v.Dispose());
            pins.ForEach(static p => p.Dispose());
        }
    }

    private static OrtValue Wrap(Tensor tensor, List<MemoryHandle> pins)
    {
        if (tensor.ElementType == TensorElementType.Bytes)
        {
            return WrapStrings(tensor);
        }

        nint address;
        if (tensor.Data.IsEmpty)
        {
            address = Marshal.UnsafeAddrOfPinnedArrayElement(Nothing, 0);
        }
        else
        {
            pins.Add(tensor.Data.Pin());
            address = AddressOf(pins[^1]);
        }

        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, OnnxTypes.ToOrt(tensor.ElementType), tensor.Shape, address, tensor.Data.Length);
    }

    private static unsafe nint AddressOf(MemoryHandle pin) => (nint)pin.Pointer;

    private static OrtValue WrapStrings(Tensor tensor)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, tensor.Shape);
        try
        {
            var data = tensor.Data.Span;
            for (var i = 0; data.Length > 0; i++)
            {
                var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(data);
                value.StringTensorSetElementAt(data.Slice(sizeof(uint), length), i);
                data = data[(sizeof(uint) + length)..];
            }

            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    private static Tensor Read(string name, OrtValue value)
    {
        if (!value.IsTensor)
        {
            throw new GridError(GridErrorCode.Unsupported, $"output '{name}'", "is no tensor.", "Export the model with tensors.").ToException();
        }

        var info = value.GetTensorTypeAndShape();
        if (OnnxTypes.ToGrid(info.ElementDataType) is not { } type)
        {
            throw new GridError(GridErrorCode.Unsupported, $"output '{name}'", $"has elements of type {info.ElementDataType}, which is not offered.", "Cast it inside the model.").ToException();
        }

        var data = info.ElementCount == 0 ? []
            : info.ElementDataType == OrtElementType.String ? ReadStrings(value, (int)info.ElementCount)
            : value.GetTensorMutableRawData().ToArray();
        return new Tensor(name, type, info.Shape, data);
    }

    private static byte[] ReadStrings(OrtValue value, int count)
    {
        var data = new ArrayBufferWriter<byte>(count * 16);
        for (var i = 0; i < count; i++)
        {
            var text = value.GetStringElementAsSpan(i);
            BinaryPrimitives.WriteInt32LittleEndian(data.GetSpan(sizeof(uint)), text.Length);
            data.Advance(sizeof(uint));
            data.Write(text);
        }

        return data.WrittenSpan.ToArray();
    }
}
