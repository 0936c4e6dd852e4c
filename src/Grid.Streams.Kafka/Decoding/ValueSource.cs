using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Where an event's type or tenant comes from. Written as <c>constant:departure</c>, <c>field:meta.type</c>, <c>header:tenant</c> or <c>key</c>.</summary>
/// <param name="Origin">The place.</param>
/// <param name="Name">The constant, the path or the header; empty for the key.</param>
public sealed record ValueSource(ValueOrigin Origin, string Name)
{
    public static ValueSource Key { get; } = new(ValueOrigin.Key, "");

    public static ValueSource Constant(string value) => new(ValueOrigin.Constant, value);

    /// <param name="path">Names joined by dots.</param>
    public static ValueSource Field(string path) => new(ValueOrigin.Field, path);

    public static ValueSource Header(string name) => new(ValueOrigin.Header, name);

    /// <exception cref="GridException">The text is none of the four forms.</exception>
    public static ValueSource Parse(string text)
    {
        if (text == "key")
        {
            return Key;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? "" : text[(colon + 1)..];
        return (colon < 0 ? "" : text[..colon], name.Length) switch
        {
            ("constant", > 0) => Constant(name),
            ("field", > 0) => Field(name),
            ("header", > 0) => Header(name),
            _ => throw GridError.Invalid($"source '{text}'", "cannot be read.", "Write constant:<value>, field:<path>, header:<name> or key.").ToException(),
        };
    }

    public override string ToString() => Origin == ValueOrigin.Key ? "key" : $"{Origin.ToString().ToLowerInvariant()}:{Name}";

    internal void Check(OptionsCheck check, string option, string kind)
    {
        switch (Origin)
        {
            case ValueOrigin.Constant:
                check.That(GridNames.IsValid(Name), option, $"is '{Name}', which is no {kind} name.", GridNames.Rule);
                break;
            case ValueOrigin.Field:
                check.That(PathNode.IsPath(Name), option, $"is the path '{Name}'.", "Give names joined by single dots.");
                break;
            case ValueOrigin.Header:
                check.That(Name.Length > 0, option, "names no header.", "Name the header.");
                break;
            case ValueOrigin.Key:
                break;
            default:
                check.That(false, option, $"has the origin {(int)Origin}.", "Use a constant, a field, a header or the key.");
                break;
        }
    }
}
