namespace Grid.Silo.Metrics;

/// <summary>What a declared unit becomes in Prometheus, which knows base units only.</summary>
/// <param name="Suffix">Ending of the name; empty for plain counts.</param>
/// <param name="Scale">What measurements are multiplied by.</param>
internal readonly record struct MetricUnit(string Suffix, double Scale)
{
    /// <summary>Reads a unit of the Unified Code for Units of Measure; annotations such as <c>{request}</c> are plain counts.</summary>
    public static MetricUnit Parse(string? unit) => unit switch
    {
        "s" => new("seconds", 1),
        "ms" => new("seconds", 1e-3),
        "us" or "µs" => new("seconds", 1e-6),
        "ns" => new("seconds", 1e-9),
        "min" => new("seconds", 60),
        "By" or "bytes" => new("bytes", 1),
        "KiBy" => new("bytes", 1024),
        "MiBy" or "MB" => new("bytes", 1 << 20),
        "%" => new("ratio", 0.01),
        _ => new("", 1),
    };
}
