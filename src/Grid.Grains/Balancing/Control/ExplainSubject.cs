using System.Globalization;
using Grid.Grains.Catalogue;
using Grid.Primitives;

namespace Grid.Grains.Balancing.Control;

/// <summary>
/// What is to be explained: a decision by its number, a shard as <c>workspace/tenant/shard</c>, or a version as <c>workspace/model/version</c>. The
/// workspace may be left out where it is the default one; <c>shard:</c> and <c>version:</c> in front tell two of the same name apart. Exactly one is set.
/// </summary>
internal readonly record struct ExplainSubject(long? Decision, ShardKey? Shard, VersionKey? Version)
{
    private const string ShardPrefix = "shard:";
    private const string VersionPrefix = "version:";

    /// <exception cref="GridException">Invalid: it is none of these, or two. NotFound: the catalogue has no such tenant, shard or version.</exception>
    public static ExplainSubject Parse(string text, CatalogueSnapshot snapshot)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var decision))
        {
            return new ExplainSubject(decision, null, null);
        }

        var mayBeShard = !text.StartsWith(VersionPrefix, StringComparison.Ordinal);
        var mayBeVersion = !text.StartsWith(ShardPrefix, StringComparison.Ordinal);
        var name = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
        string[] parts = name.Split('/');
        parts = parts.Length == 2 ? [GridNames.DefaultWorkspace, .. parts] : parts;
        if (parts.Length != 3 || !parts.All(static part => GridNames.IsValid(part)) || (mayBeShard && mayBeVersion && name != text))
        {
            throw GridError.Invalid($"subject '{text}'", "is no decision, shard or version.", "Examples: 1795530000123, acme/0, default/acme/0, version:default/late/3.").ToException();
        }

        ShardKey? shard = mayBeShard && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && snapshot.Tenants.TryGetValue($"{parts[0]}/{parts[1]}", out var tenant) && number < tenant.Entry.Shards
            ? new ShardKey(parts[0], parts[1], number)
            : null;
        var key = new VersionKey(parts[0], parts[1], parts[2]);
        VersionKey? version = mayBeVersion && snapshot.Versions.ContainsKey(key) ? key : null;
        return (shard, version) switch
        {
            (null, null) => throw GridError.NotFound($"subject '{text}'", "is neither a shard of a tenant nor a version of a model.", "See 'grid tenants list' and 'grid models list'.").ToException(),
            ({ }, { }) => throw GridError.Invalid($"subject '{text}'", "is a shard and a version.", $"Say {ShardPrefix}{name} or {VersionPrefix}{name}.").ToException(),
            _ => new ExplainSubject(null, shard, version),
        };
    }
}
