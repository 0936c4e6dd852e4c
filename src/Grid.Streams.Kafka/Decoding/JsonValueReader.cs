using System.Text.Json;

namespace Grid.Streams.Kafka;

/// <summary>JSON objects, read as a stream of tokens. Arrays are no scalars and are passed over; of two properties of one name the last wins.</summary>
internal sealed class JsonValueReader : IValueReader
{
    private const int MaxDepth = 64;

    private readonly PathNode?[] _open = new PathNode?[MaxDepth + 1];
    private byte[] _unescaped = new byte[256];

    public void Read(ReadOnlySpan<byte> value, PathNode root, FieldStage stage)
    {
        // No JSON text begins with a zero byte: it is Confluent's framing.
        var json = new Utf8JsonReader(value.Length > ConfluentFraming.Bytes && value[0] == ConfluentFraming.Magic ? value[ConfluentFraming.Bytes..] : value, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                throw RecordFormatException.Malformed("the value is no JSON object.");
            }

            root.Restart();
            _open[0] = root;
            var depth = 0;
            PathNode? node = null;
            while (json.Read())
            {
                switch (json.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        node = Name(ref json, _open[depth]!);
                        if (node is null)
                        {
                            json.Read();
                            json.Skip();
                        }

                        break;
                    case JsonTokenType.StartObject:
                        node!.Restart();
                        _open[++depth] = node;
                        break;
                    case JsonTokenType.EndObject:
                        depth--;
                        break;
                    case JsonTokenType.StartArray:
                        json.Skip();
                        break;
                    default:
                        Scalar(ref json, node!, stage);
                        break;
                }
            }
        }
        catch (JsonException e)
        {
            throw RecordFormatException.Malformed($"the value is no valid JSON at byte {e.BytePositionInLine} of line {e.LineNumber}.");
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader says so of escapes that are half of a character.
            throw RecordFormatException.Malformed("a JSON text is not valid Unicode.");
        }
    }

    private PathNode? Name(ref Utf8JsonReader json, PathNode parent)
    {
        if (!json.ValueIsEscaped)
        {
            return parent.Child(json.ValueSpan);
        }

        return parent.Child(Unescape(ref json));
    }

    private void Scalar(ref Utf8JsonReader json, PathNode node, FieldStage stage)
    {
        if (!node.IsWanted)
        {
            return;
        }

        switch (json.TokenType)
        {
            case JsonTokenType.String:
                stage.Text(node, json.ValueIsEscaped ? Unescape(ref json) : json.ValueSpan);
                break;
            case JsonTokenType.Number when json.TryGetInt64(out var integer):
                stage.Integer(node, integer);
                break;
            case JsonTokenType.Number when json.TryGetUInt64(out var unsigned):
                stage.Unsigned(node, unsigned);
                break;
            case JsonTokenType.Number:
                stage.Number(node, json.TryGetDouble(out var number) ? number : double.NaN);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                stage.Bool(node, json.TokenType == JsonTokenType.True);
                break;
            default:
                stage.Null(node);
                break;
        }
    }

    private ReadOnlySpan<byte> Unescape(ref Utf8JsonReader json)
    {
        // Unescaping never makes a text longer.
        if (_unescaped.Length < json.ValueSpan.Length)
        {
            _unescaped = new byte[json.ValueSpan.Length];
        }

        return _unescaped.AsSpan(0, json.CopyString(_unescaped));
    }
}
