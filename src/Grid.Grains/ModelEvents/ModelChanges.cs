using System.Globalization;
using System.Text.Json;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Grains.ModelEvents;

/// <summary>What happened to a model, from what had been told and what the catalogue holds. Pure.</summary>
internal static class ModelChanges
{
    private const string Registered = ModelEvent.TypePrefix + "version-registered";
    private const string Retired = ModelEvent.TypePrefix + "version-retired";
    private const string Rollout = ModelEvent.TypePrefix + "rollout-";
    private const string Alias = ModelEvent.TypePrefix + "alias-";
    private const string Tag = ModelEvent.TypePrefix + "tag-";

    /// <summary>Whether anything has yet to be told.</summary>
    public static bool Any(ToldOfModel told, ModelEntry? entry, IEnumerable<KeyValuePair<VersionKey, Versioned<VersionEntry>>> versions) =>
        (entry is not null && (entry.Number != told.Number || Differ(told.Aliases, entry.Aliases) || Differ(told.Tags, TagsOf(entry))))
        || versions.Any(version => !told.Versions.TryGetValue(version.Key.Version, out var isRetired) || isRetired != IsRetired(version.Value.Entry));

    /// <summary>What happened since.</summary>
    /// <param name="told">What had been told.</param>
    /// <param name="key">The model.</param>
    /// <param name="model">Its rollout, aliases and tags; null where only versions are there.</param>
    /// <param name="versions">Its versions.</param>
    /// <param name="now">When this is noticed.</param>
    /// <returns>What will have been told then; the events, in the order in which they are to be told; and how many steps the trail no longer holds.</returns>
    public static (ToldOfModel Told, List<ModelEvent> Events, long Missed) Since(
        ToldOfModel told,
        ModelKey key,
        Versioned<ModelEntry>? model,
        IReadOnlyCollection<KeyValuePair<VersionKey, Versioned<VersionEntry>>> versions,
        DateTimeOffset now)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        var events = new List<ModelEvent>();
        foreach (var (version, entry) in versions.OrderBy(static v => v.Value.Entry.RegisteredMs).Where(v => !told.Versions.ContainsKey(v.Key.Version)))
        {
            var e = entry.Entry;
            events.Add(Event($"{version}/registered", Registered, version.Version, e.RegisteredMs, new { key.Workspace, key.Model, version.Version, e.Digest, Bytes = e.Files.Sum(static file => file.Bytes), e.Lineage }));
        }

        var missed = 0L;
        if (model is { } current)
        {
            RolloutStep[] steps = [.. (current.Entry.Trail ?? []).Where(step => step.After.Number > told.Number)];
            missed = Math.Max(0, current.Entry.Number - told.Number - steps.Length);
            events.AddRange(steps.Select(step => Event(
                string.Create(CultureInfo.InvariantCulture, $"{key}/rollout/{step.After.Number}"),
                Rollout + Kebab(step.Action),
                step.Version,
                step.AtMs,
                new { key.Workspace, key.Model, step.Version, step.Action, step.IsAutomatic, step.Reason, step.Figures, Rollout = step.After })));
            foreach (var (alias, before, after) in Between(told.Aliases, current.Entry.Aliases ?? []))
            {
                events.Add(Event($"{key}/alias/{alias}/{Number(current)}", Alias + SetOrRemoved(after), after ?? before, nowMs, new { key.Workspace, key.Model, Alias = alias, Version = after, Before = before }));
            }

            foreach (var (name, before, after) in Between(told.Tags, TagsOf(current.Entry)))
            {
                var (version, tag) = (name[..name.IndexOf('/', StringComparison.Ordinal)] is { Length: > 0 } named ? named : null, name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
                events.Add(Event($"{key}/tag/{name}/{Number(current)}", Tag + SetOrRemoved(after), version, nowMs, new { key.Workspace, key.Model, Version = version, Tag = tag, Value = after, Before = before }));
            }
        }

        foreach (var (version, _) in versions.Where(v => IsRetired(v.Value.Entry) && !told.Versions.GetValueOrDefault(v.Key.Version)))
        {
            events.Add(Event($"{version}/retired", Retired, version.Version, nowMs, new { key.Workspace, key.Model, version.Version }));
        }

        var next = new ToldOfModel(
            model?.Entry.Number ?? told.Number,
            versions.ToDictionary(static v => v.Key.Version, static v => IsRetired(v.Value.Entry), StringComparer.Ordinal),
            model?.Entry.Aliases ?? [],
            model is { } known ? TagsOf(known.Entry) : []);
        return (next, events, missed);

        ModelEvent Event<T>(string id, string type, string? version, long atMs, T data) =>
            new(id, type, key.ToString(), version, atMs, JsonSerializer.SerializeToElement(data, CloudEventJson.Options));
    }

    private static bool IsRetired(VersionEntry entry) => entry.State == VersionState.Retired;

    private static Dictionary<string, string> TagsOf(ModelEntry entry) =>
        (entry.Tags ?? []).Select(static tag => ("/" + tag.Key, tag.Value))
            .Concat((entry.VersionTags ?? []).SelectMany(static version => version.Value.Select(tag => ($"{version.Key}/{tag.Key}", tag.Value))))
            .ToDictionary(StringComparer.Ordinal);

    private static bool Differ(Dictionary<string, string> before, Dictionary<string, string>? after) => Between(before, after ?? []).Any();

    private static IEnumerable<(string Name, string? Before, string? After)> Between(Dictionary<string, string> before, Dictionary<string, string> after) =>
        from name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
        let was = before.GetValueOrDefault(name)
        let value = after.GetValueOrDefault(name)
        where was != value
        select (name, was, value);

    private static string SetOrRemoved(string? after) => after is null ? "removed" : "set";

    /// <summary>Counts the changes of the entry, so that an alias that is set again is another event.</summary>
    private static string Number(Versioned<ModelEntry> model) => model.Version.ToString(CultureInfo.InvariantCulture);

    private static string Kebab(RolloutAction action) => JsonNamingPolicy.KebabCaseLower.ConvertName(action.ToString());
}
