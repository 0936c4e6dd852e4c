using System.Text;
using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Tests.Reading;

/// <summary>Reads JSON text with a reader of the doors.</summary>
internal static class Refusals
{
    public static T Read<T>(string json, JsonRead<T> read) => JsonCursor.Parse(Encoding.UTF8.GetBytes(json), read);

    /// <summary>The error that the reader refuses the text with.</summary>
    public static GridError Of<T>(string json, JsonRead<T> read) => Assert.Throws<GridException>(() => { Read(json, read); }).Error;
}
