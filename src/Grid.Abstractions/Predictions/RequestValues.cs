using Orleans;

namespace Grid.Abstractions;

/// <summary>Request-time values by name. Immutable; arrays run in parallel and are never mutated.</summary>
[GenerateSerializer, Immutable, Alias("grid.request-values")]
public sealed class RequestValues
{
    public static readonly RequestValues None = new([], []);

    public RequestValues(string[] names, double[] values)
    {
        if (names.Length != values.Length)
        {
            throw new ArgumentException($"{names.Length} names for {values.Length} values.", nameof(values));
        }

        Names = names;
        Values = values;
    }

    [Id(0)] public string[] Names { get; }

    [Id(1)] public double[] Values { get; }

    public static RequestValues From(IEnumerable<KeyValuePair<string, double>> values)
    {
        var pairs = values.ToArray();
        return pairs.Length == 0 ? None : new RequestValues([.. pairs.Select(p => p.Key)], [.. pairs.Select(p => p.Value)]);
    }

    public static implicit operator RequestValues(Dictionary<string, double> values) => From(values);
}
