using System.Globalization;
using System.Text.Json;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Silo.Http.Json;

/// <summary>
/// Walks a request's JSON by hand: no reflection, nothing allocated but the values, and every wrong thing refused by path, place and what was expected.
/// </summary>
internal ref struct JsonCursor
{
    private readonly ReadOnlySpan<byte> _body;
    private Utf8JsonReader _json;

    private JsonCursor(ReadOnlySpan<byte> body)
    {
        _body = body;
        _json = new Utf8JsonReader(body);
    }

    /// <summary>Kind of the token that was read last.</summary>
    public readonly JsonTokenType Token => _json.TokenType;

    /// <summary>Reads a whole body with <paramref name="read"/>.</summary>
    /// <exception cref="GridException">The body is empty, is not JSON, or is not what the reader expects.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> body, JsonRead<T> read)
    {
        if (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            body = body[3..];
        }

        if (body.IsEmpty)
        {
            throw GridError.Invalid("body", "is empty.", "Send one JSON object.").ToException();
        }

        var cursor = new JsonCursor(body);
        try
        {
            var value = read(ref cursor);

            // Anything after the value throws here.
            cursor._json.Read();
            return value;
        }
        catch (JsonException e)
        {
            throw JsonFault.Malformed(body, e);
        }
        catch (InvalidOperationException e)
        {
            throw JsonFault.NotUnicode(body, (int)cursor._json.TokenStartIndex, e);
        }
    }

    /// <summary>Moves into the object that comes next.</summary>
    public void BeginObject()
    {
        Next();
        RequireObject();
    }

    /// <summary>Moves to the next member's name, or past the end of the object.</summary>
    public bool NextMember()
    {
        Next();
        return _json.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves into the array that comes next.</summary>
    public void BeginArray(string what)
    {
        Next();
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            throw WrongKind(what);
        }
    }

    /// <summary>Moves onto the next item, or past the end of the array.</summary>
    public bool NextItem()
    {
        Next();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Whether the member that the cursor stands on has this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _json.ValueTextEquals(name);

    /// <summary>Name of the member that the cursor stands on.</summary>
    public readonly string Name() => _json.GetString()!;

    /// <summary>Refuses the member that the cursor stands on.</summary>
    public GridException Unknown(string allowed) => JsonFault.Unknown(_body, ref _json, allowed);

    public GridException Twice() => JsonFault.Twice(_body, ref _json);

    public GridException WrongKind(string expected) => JsonFault.WrongKind(_body, ref _json, expected);

    /// <summary>What the cursor stands on, for messages.</summary>
    public string Describe() => JsonFault.Describe(ref _json);

    public void Next() => _json.Read();

    /// <summary>Moves past the value that the cursor stands on.</summary>
    public void SkipRest() => _json.Skip();

    public void RequireObject()
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw WrongKind("an object");
        }
    }

    public string Text(string expected = "a text")
    {
        Next();
        return _json.TokenType == JsonTokenType.String ? _json.GetString()! : throw WrongKind(expected);
    }

    /// <summary>A text, or null where the value is null.</summary>
    public string? OptionalText()
    {
        Next();
        return _json.TokenType switch
        {
            JsonTokenType.String => _json.GetString(),
            JsonTokenType.Null => null,
            _ => throw WrongKind("a text"),
        };
    }

    public bool Bool()
    {
        Next();
        return _json.TokenType is JsonTokenType.True or JsonTokenType.False ? _json.GetBoolean() : throw WrongKind("true or false");
    }

    public long Integer(long min, long max)
    {
        Next();
        return _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var value) && value >= min && value <= max
            ? value
            : throw WrongKind(string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));
    }

    /// <summary>A finite number.</summary>
    public double Number()
    {
        Next();
        return TryGetNumber(out var value) ? value : throw WrongKind("a finite number");
    }

    /// <summary>The whole number that the cursor stands on.</summary>
    public readonly bool TryGetInteger(out long value)
    {
        value = 0;
        return _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out value);
    }

    public readonly bool TryGetNumber(out double value)
    {
        value = 0;
        return _json.TokenType == JsonTokenType.Number && _json.TryGetDouble(out value) && double.IsFinite(value);
    }

    /// <summary>The text that the cursor stands on.</summary>
    public readonly string CurrentText() => _json.GetString()!;

    /// <summary>The time that comes next.</summary>
    public DateTimeOffset Time()
    {
        Next();
        return TryGetTime(out var time) ? time.ToDateTimeOffset() : throw WrongKind(TimeKind);
    }

    public const string TimeKind = "a time: ISO 8601 with an offset (2001-01-31T10:00:00Z), or Unix milliseconds";

    /// <summary>The time that the cursor stands on.</summary>
    public readonly bool TryGetTime(out WireTime time)
    {
        time = default;
        if (_json.TokenType == JsonTokenType.String)
        {
            return WireTime.TryParse(_json.GetString(), out time);
        }

        if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var unixMs) && unixMs >= WireTime.MinUnixMs && unixMs <= WireTime.MaxUnixMs)
        {
            time = new WireTime(unixMs);
            return true;
        }

        return false;
    }

    /// <summary>A copy of the reader, for a value that is read after others; it stands on the value's first token.</summary>
    public readonly Utf8JsonReader Fork() => _json;
}
