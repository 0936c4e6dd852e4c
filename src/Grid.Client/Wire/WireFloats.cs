using System.Text.Json.Serialization;

namespace Grid.Client.Wire;

/// <summary>
/// One or more 32-bit floats on the wire: a number for a single value, an array otherwise.
/// JSON has no NaN or infinity, so these are the texts <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.
/// </summary>
/// <param name="Values">The values; never mutated.</param>
[JsonConverter(typeof(WireFloatsConverter))]
public readonly record struct WireFloats(float[] Values);
