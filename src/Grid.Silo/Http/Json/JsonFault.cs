using System.Text;
using System.Text.Json;
using Grid.Primitives;

namespace Grid.Silo.Http.Json;

/// <summary>
/// Errors about a JSON body. Where the fault lies is found by walking the body again, so that reading a good one pays nothing for it.
/// </summary>
internal static class JsonFault
{
    private const int MaxShownText = 40;

    public static GridException Malformed(ReadOnlySpan<byte> body, JsonException cause)
    {
        var line = (cause.LineNumber ?? 0) + 1;
        var position = (cause.BytePositionInLine ?? 0) + 1;
        var path = PathOf(body, body.Length);
        var near = path.Length == 0 ? "" : $" in '{path}'";
        return new GridException(GridError.Invalid("body", $"is not valid JSON at line {line}, position {position}{near}: {Reason(cause)}", "Send one JSON object in UTF-8."), cause);
    }

    public static GridException NotUnicode(ReadOnlySpan<byte> body, int offset, Exception cause) =>
        new(GridError.Invalid(Target(body, offset), $"holds text that is not valid Unicode, {At(body, offset)}.", "Send one JSON object in UTF-8."), cause);

    public static GridException WrongKind(ReadOnlySpan<byte> body, ref Utf8JsonReader reader, string expected) =>
        GridError.Invalid(Target(body, (int)reader.TokenStartIndex), $"is {Describe(ref reader)}, {At(body, (int)reader.TokenStartIndex)}; it must be {expected}.").ToException();

    public static GridException Unknown(ReadOnlySpan<byte> body, ref Utf8JsonReader reader, string allowed) =>
        GridError.Invalid(Target(body, (int)reader.TokenStartIndex), $"is not known here, {At(body, (int)reader.TokenStartIndex)}.", $"Allowed: {allowed}.").ToException();

    public static GridException Twice(ReadOnlySpan<byte> body, ref Utf8JsonReader reader) =>
        GridError.Invalid(Target(body, (int)reader.TokenStartIndex), $"is given twice, the second time {At(body, (int)reader.TokenStartIndex)}.", "Give it once.").ToException();

    public static GridException Missing(string name, string what) => GridError.Invalid(name, "is missing.", $"Add {what}.").ToException();

    /// <summary>A token for a message: its kind, and what it says where that is short.</summary>
    public static string Describe(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => $"the text \"{Shown(ref reader)}\"",
        JsonTokenType.Number => $"the number {Shown(ref reader)}",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        _ => "missing",
    };

    /// <summary>The path of the value or member at an offset: <c>items[3].values.distance</c>; empty for the whole body.</summary>
    public static string PathOf(ReadOnlySpan<byte> body, int offset)
    {
        var frames = new Stack<(bool Array, int Index, string Name)>();
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read() && reader.TokenStartIndex <= offset)
            {
                Step(frames, ref reader);
                if (reader.TokenStartIndex == offset)
                {
                    break;
                }

                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                {
                    frames.Push((reader.TokenType == JsonTokenType.StartArray, -1, ""));
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The body ends being JSON here: the path so far is where.
        }

        var path = new StringBuilder();
        foreach (var (array, index, name) in frames.Reverse())
        {
            if (array)
            {
                path.Append('[').Append(Math.Max(index, 0)).Append(']');
            }
            else if (name.Length > 0)
            {
                path.Append(path.Length == 0 ? "" : ".").Append(name);
            }
        }

        return path.ToString();
    }

    private static void Step(Stack<(bool Array, int Index, string Name)> frames, ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            frames.Pop();
        }
        else if (frames.Count > 0)
        {
            var top = frames.Pop();
            frames.Push(reader.TokenType == JsonTokenType.PropertyName ? top with { Name = Shown(ref reader) }
                : top.Array ? top with { Index = top.Index + 1 }
                : top);
        }
    }

    private static string Target(ReadOnlySpan<byte> body, int offset) => PathOf(body, offset) is { Length: > 0 } path ? path : "body";

    private static string At(ReadOnlySpan<byte> body, int offset)
    {
        var before = body[..Math.Min(offset, body.Length)];
        return $"at line {before.Count((byte)'\n') + 1}, position {before.Length - before.LastIndexOf((byte)'\n')}";
    }

    private static string Shown(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, MaxShownText)]);
        return reader.ValueSpan.Length > MaxShownText ? text + "…" : text;
    }

    // The runtime's message ends with the position, which is said already.
    private static string Reason(JsonException cause)
    {
        var end = cause.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? cause.Message : cause.Message[..end];
    }
}
