using System.Text.Json;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Http.Reading;

/// <summary>Values of event fields in JSON.</summary>
internal static class EventFieldJson
{
    private static readonly object BoxedTrue = true;
    private static readonly object BoxedFalse = false;

    /// <summary>Reads the value that the cursor stands on: a string, a finite double, a bool or null. False for anything else.</summary>
    public static bool TryRead(ref JsonCursor cursor, out object? value)
    {
        switch (cursor.Token)
        {
            case JsonTokenType.String:
                value = cursor.CurrentText();
                return true;
            case JsonTokenType.Number:
                var isNumber = cursor.TryGetNumber(out var number);
                value = number;
                return isNumber;
            case JsonTokenType.True:
                value = BoxedTrue;
                return true;
            case JsonTokenType.False:
                value = BoxedFalse;
                return true;
            default:
                value = null;
                return cursor.Token == JsonTokenType.Null;
        }
    }
}
