namespace Grid.Inference.Signatures;

/// <summary>The part that reads declared inputs and outputs: <c>ValueInfoProto</c> and the types below it.</summary>
internal sealed partial class OnnxGraphReader
{
    private DeclaredValue ReadValue(int depth)
    {
        var value = new DeclaredValue();
        ReadFields(depth, tag =>
        {
            if (tag == Tag(1, Length))
            {
                value.Name = _input.ReadString();
            }
            else if (tag == Tag(2, Length))
            {
                ReadType(value, depth + 1);
            }
            else
            {
                return false;
            }

            return true;
        });

        return value;
    }

    private void ReadType(DeclaredValue value, int depth)
    {
        ReadFields(depth, tag =>
        {
            if (tag == Tag(1, Length))
            {
                value.Kind = "tensor";
                ReadTensorType(value, depth + 1);
            }
            else
            {
                value.Kind = (tag >> 3) switch { 4 => "sequence", 5 => "map", 8 => "sparse tensor", 9 => "optional", _ => value.Kind };
                return false;
            }

            return true;
        });
    }

    private void ReadTensorType(DeclaredValue value, int depth)
    {
        ReadFields(depth, tag =>
        {
            if (tag == Tag(1, Varint))
            {
                value.ElementType = _input.ReadInt64();
            }
            else if (tag == Tag(2, Length))
            {
                value.RankKnown = true;
                ReadShape(value, depth + 1);
            }
            else
            {
                return false;
            }

            return true;
        });
    }

    private void ReadShape(DeclaredValue value, int depth)
    {
        ReadFields(depth, tag =>
        {
            if (tag == Tag(1, Length))
            {
                ReadDimension(value, depth + 1);
                return true;
            }

            return false;
        });
    }

    private void ReadDimension(DeclaredValue value, int depth)
    {
        var size = -1L;
        string? symbol = null;
        ReadFields(depth, tag =>
        {
            if (tag == Tag(1, Varint))
            {
                size = Math.Max(-1, _input.ReadInt64());
            }
            else if (tag == Tag(2, Length))
            {
                symbol = _input.ReadString();
            }
            else
            {
                return false;
            }

            return true;
        });

        value.Dimensions.Add(size);
        value.Symbols.Add(string.IsNullOrEmpty(symbol) ? null : symbol);
    }
}
