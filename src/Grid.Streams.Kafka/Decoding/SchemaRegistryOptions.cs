using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>How to reach a Confluent schema registry.</summary>
public sealed class SchemaRegistryOptions
{
    /// <summary>One or more addresses, separated by commas. Required.</summary>
    public string Url { get; set; } = "";

    /// <summary><c>user:password</c> for basic authentication. Never logged.</summary>
    public string? BasicAuth { get; set; }

    /// <summary>How long one question may take. Default 10 s; 100 ms to 5 min.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Any other property of Confluent's registry client by its name.</summary>
    public Dictionary<string, string> Properties { get; } = new(StringComparer.Ordinal);

    /// <summary>All that is wrong, with paths that begin at <paramref name="path"/>.</summary>
    public IReadOnlyList<GridError> Check(string path = "schemaRegistry")
    {
        var check = new OptionsCheck(path);
        var urls = Url.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        check.That(urls.Length > 0 && urls.All(u => Uri.TryCreate(u, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"), "url", $"is '{Url}'.", "Give http:// or https:// addresses, separated by commas.");
        check.That(BasicAuth is null || BasicAuth.Contains(':', StringComparison.Ordinal), "basicAuth", "has no colon.", "Write user:password.");
        check.Range("requestTimeout", RequestTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        return check.Errors;
    }
}
