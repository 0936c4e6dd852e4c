using System.Text.Json;

namespace Grid.Cluster.Tests.Topics;

/// <summary>A record as it was read.</summary>
internal sealed record TopicRead(int Partition, string Key, JsonElement Json, IReadOnlyDictionary<string, string> Headers)
{
    public string Text(string name) => Json.GetProperty(name).GetString()!;

    public string[] Texts(string name) => [.. Json.GetProperty(name).EnumerateArray().Select(static v => v.GetString()!)];

    /// <summary>Floats to the bit.</summary>
    public int[] Bits(string name) => [.. Json.GetProperty(name).EnumerateArray().Select(static v => BitConverter.SingleToInt32Bits(v.ValueKind == JsonValueKind.Number ? v.GetSingle() : NotANumber(v.GetString()!)))];

    private static float NotANumber(string name) => name switch
    {
        "NaN" => float.NaN,
        "Infinity" => float.PositiveInfinity,
        "-Infinity" => float.NegativeInfinity,
        _ => throw new FormatException($"'{name}' is no float."),
    };
}
