using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Hosting;

/// <summary>Reads documents that carry the number of their format.</summary>
internal static class DocumentJson
{
    /// <param name="stored">The document.</param>
    /// <param name="json">Its type.</param>
    /// <param name="formatOf">The format that it says it has.</param>
    /// <param name="format">The format that this build reads.</param>
    /// <exception cref="GridException">Corrupt: it is something else, or of another format.</exception>
    public static T Read<T>(StoredDocument stored, JsonTypeInfo<T> json, Func<T, int> formatOf, int format)
    {
        try
        {
            var document = JsonSerializer.Deserialize(stored.Body.Span, json) ?? throw new JsonException("null");
            return formatOf(document) == format ? document : throw new JsonException($"format {formatOf(document)}");
        }
        catch (JsonException e)
        {
            throw new GridException(
                new GridError(GridErrorCode.Corrupt, $"document '{stored.Key}'", $"cannot be read: {e.Message}", "A newer build may have written it: upgrade this silo, or restore the store from a backup."),
                e);
        }
    }
}
