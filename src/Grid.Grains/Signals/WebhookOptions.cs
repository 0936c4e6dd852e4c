using Grid.Grains.ModelEvents;
using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Grains.Signals;

/// <summary>An address that is told of signals, and of what happens to models.</summary>
public sealed class WebhookOptions
{
    /// <summary>Names it in logs and in what waits for it; keep it when the address changes. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>An http or https address. Required.</summary>
    public string Url { get; set; } = "";

    /// <summary>Key of the signature, which lets the receiver know that the grid sent it; 16 characters or more. Never logged. Required.</summary>
    public string Secret { get; set; } = "";

    /// <summary>How long one attempt may take. Default 10 s; 100 ms to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What types of events begin with that it is told of: <c>grid.signal.</c>, <c>grid.model.rollout-</c>. Default empty: all.</summary>
    public IList<string> Types { get; set; } = [];

    /// <summary>Whether it is told of events of this type.</summary>
    public bool Wants(string type) => Types.Count == 0 || Types.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal));

    public IEnumerable<GridError> Check(string path)
    {
        if (!GridNames.IsValid(Name))
        {
            yield return GridError.Invalid($"{path}.name", $"is '{Name}'.", GridNames.Rule);
        }

        if (!Uri.TryCreate(Url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            yield return GridError.Invalid($"{path}.url", $"is '{Url}'.", "Give an http or https address.");
        }

        if (Secret.Length < 16)
        {
            yield return GridError.Invalid($"{path}.secret", $"has {Secret.Length} characters.", "Give 16 or more, from a source of randomness.");
        }

        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(1))
        {
            yield return GridError.Invalid($"{path}.timeout", $"is {Timeout}.", "Use 100 ms to 1 minute.");
        }

        foreach (var prefix in Types.Where(static prefix => !prefix.StartsWith(SignalEvents.TypePrefix, StringComparison.Ordinal) && !prefix.StartsWith(ModelEvent.TypePrefix, StringComparison.Ordinal)))
        {
            yield return GridError.Invalid($"{path}.types", $"has '{prefix}', which no event begins with.", $"Begin each with {SignalEvents.TypePrefix} or {ModelEvent.TypePrefix}.");
        }
    }
}
