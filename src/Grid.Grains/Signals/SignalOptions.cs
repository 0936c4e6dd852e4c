using Grid.Primitives;

namespace Grid.Grains.Signals;

/// <summary>Where signals go, beside the log and the metrics, and what happens to models.</summary>
public sealed class SignalOptions
{
    /// <summary>Who says it: the <c>source</c> of the CloudEvents, an absolute address of this grid or a path. Default <c>/grid</c>.</summary>
    public string Source { get; set; } = "/grid";

    /// <summary>Addresses that are told of each event. Default none; at most 16.</summary>
    public IList<WebhookOptions> Webhooks { get; set; } = [];

    /// <summary>Topic that events are written to. Default none.</summary>
    public EventTopicOptions? Topic { get; set; }

    public IReadOnlyList<GridError> Check()
    {
        var errors = new List<GridError>();
        if (!Uri.TryCreate(Source, UriKind.RelativeOrAbsolute, out _) || Source.Length == 0)
        {
            errors.Add(GridError.Invalid("signals.source", $"is '{Source}'.", "Give an address or a path, for example /grid/prod."));
        }

        if (Webhooks.Count > 16)
        {
            errors.Add(GridError.Invalid("signals.webhooks", $"has {Webhooks.Count} entries.", "Keep at most 16, and let one of them spread the rest."));
        }

        for (var i = 0; i < Webhooks.Count; i++)
        {
            errors.AddRange(Webhooks[i].Check($"signals.webhooks[{i}]"));
        }

        errors.AddRange(Webhooks.GroupBy(static w => w.Name, StringComparer.Ordinal).Where(static g => g.Count() > 1)
            .Select(static g => GridError.Invalid("signals.webhooks", $"has the name '{g.Key}' twice.", "Give each its own name: what waits for a webhook is stored under it.")));
        errors.AddRange(Topic?.Check("signals.topic") ?? []);
        return errors;
    }
}
