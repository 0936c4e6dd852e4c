using Grid.Client.Wire;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Http.Reading;

/// <summary>Reads what is done about signals.</summary>
internal static class SignalReader
{
    /// <summary><c>{"id": "…", "by": "name"}</c>.</summary>
    public static AcknowledgeBody ReadAcknowledge(ref JsonCursor cursor)
    {
        string? id = null, by = null;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("id"u8))
            {
                id = cursor.Text();
            }
            else
            {
                by = cursor.Is("by"u8) ? cursor.Text() : throw cursor.Unknown("id, by");
            }
        }

        return new AcknowledgeBody
        {
            Id = id ?? throw JsonFault.Missing("id", "the signal's id"),
            By = by ?? throw JsonFault.Missing("by", "who has seen it"),
        };
    }

    /// <summary><c>{"by": "name"}</c>.</summary>
    public static string ReadRetrain(ref JsonCursor cursor)
    {
        string? by = null;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            by = cursor.Is("by"u8) ? cursor.Text() : throw cursor.Unknown("by");
        }

        return by ?? throw JsonFault.Missing("by", "who asks for it");
    }
}
