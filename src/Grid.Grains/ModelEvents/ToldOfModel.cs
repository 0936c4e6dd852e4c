namespace Grid.Grains.ModelEvents;

/// <summary>What there was of a model in the catalogue when its events were last written down. What is there and not here has yet to be told.</summary>
/// <param name="Number">Of the last step of its rollout.</param>
/// <param name="Versions">Its versions, and whether each is retired.</param>
/// <param name="Aliases">Versions by alias.</param>
/// <param name="Tags">Tags by <c>version/tag</c>, those of the model itself by <c>/tag</c>: neither name has a slash.</param>
internal sealed record ToldOfModel(long Number, Dictionary<string, bool> Versions, Dictionary<string, string> Aliases, Dictionary<string, string> Tags)
{
    public static ToldOfModel Nothing { get; } = new(0, [], [], []);
}
