using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Inference.Manifests;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Catalogue;

/// <summary>
/// This silo's copy of the catalogue: an immutable snapshot swapped whole, and the last few before it for requests that pinned one.
/// Thread-safe. The hot path reads <see cref="Current"/> and never waits.
/// </summary>
internal sealed partial class CatalogueReplica : IDisposable
{
    /// <summary>Requests live for seconds and changes are rare: eight revisions back is longer than any request.</summary>
    private const int KeptRevisions = 8;

    private readonly ICatalogueStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<CatalogueReplica> _logger;
    private readonly JoinedPull<CatalogueSnapshot> _pull;
    private readonly CancellationTokenSource _ending = new();
    private ImmutableList<CatalogueSnapshot> _kept = [CatalogueSnapshot.Empty];
    private CatalogueSnapshot _current = CatalogueSnapshot.Empty;
    private long _confirmedAt = long.MinValue;

    public CatalogueReplica(ICatalogueStore store, TimeProvider time, ILogger<CatalogueReplica> logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _pull = new JoinedPull<CatalogueSnapshot>(PullOnceAsync);
    }

    /// <summary>Raised after a new snapshot is in force, from the thread that pulled it.</summary>
    public event Action<CatalogueSnapshot>? Changed;

    public CatalogueSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Time since the store last confirmed the revision; null before the first pull.</summary>
    public TimeSpan? ConfirmedAge =>
        Volatile.Read(ref _confirmedAt) is var at && at == long.MinValue ? null : _time.GetElapsedTime(at);

    /// <summary>The snapshot that a request pinned, or the current one where that is no longer kept or nothing was pinned.</summary>
    public CatalogueSnapshot At(long revision)
    {
        var current = Current;
        if (revision == 0 || revision == current.Revision)
        {
            return current;
        }

        foreach (var kept in Volatile.Read(ref _kept))
        {
            if (kept.Revision == revision)
            {
                return kept;
            }
        }

        return current;
    }

    /// <summary>
    /// Takes in what changed in the store since the current revision. Each call returns with a snapshot read after it began; those that wait at the same time
    /// share a read, as do all the shards that wake after another silo has died.
    /// </summary>
    public Task<CatalogueSnapshot> PullAsync(CancellationToken cancellationToken) => _pull.AskAsync(cancellationToken);

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task<CatalogueSnapshot> PullOnceAsync()
    {
        // The age of a confirmation counts from when the question was asked, not from the answer.
        var asked = _time.GetTimestamp();
        var current = Current;
        var changes = await _store.ReadAsync(current.Revision, _ending.Token);
        if (changes.Revision != current.Revision)
        {
            var next = Apply(changes.IsWhole ? CatalogueSnapshot.Empty : current, changes);
            Volatile.Write(ref _kept, Keep(_kept, next));
            Volatile.Write(ref _current, next);
            LogRevision(next.Revision, changes.Entries.Count);
            Changed?.Invoke(next);
            current = next;
        }

        Volatile.Write(ref _confirmedAt, asked);
        return current;
    }

    private static ImmutableList<CatalogueSnapshot> Keep(ImmutableList<CatalogueSnapshot> kept, CatalogueSnapshot next)
    {
        kept = kept.Add(next);
        return kept.Count > KeptRevisions ? kept.RemoveAt(0) : kept;
    }

    private static CatalogueSnapshot Apply(CatalogueSnapshot current, CatalogueChanges changes)
    {
        var tenants = current.Tenants.ToBuilder();
        var views = current.Views.ToBuilder();
        var generations = current.Generations.ToBuilder();
        var models = current.Models.ToBuilder();
        var versions = current.Versions.ToBuilder();
        var placed = current.Placed.ToBuilder();
        var replicas = current.Replicas.ToBuilder();
        foreach (var entry in changes.Entries)
        {
            var name = entry.Key.Name;
            switch (entry.Key.Kind)
            {
                case CatalogueKinds.Tenant:
                    Set(tenants, name, entry, CatalogueJson.Default.TenantEntry);
                    break;
                case CatalogueKinds.Model:
                    Set(models, ModelKey.Parse(name), entry, CatalogueJson.Default.ModelEntry);
                    break;
                case CatalogueKinds.Version:
                    Set(versions, VersionKey.Parse(name), entry, CatalogueJson.Default.VersionEntry);
                    SetPlaced(placed, VersionKey.Parse(name), versions);
                    break;
                case CatalogueKinds.Replicas:
                    Set(replicas, VersionKey.Parse(name), entry, CatalogueJson.Default.ReplicasEntry);
                    break;
                case CatalogueKinds.Generation when entry.Body is { } body:
                    generations[name] = Read(entry, body, CatalogueJson.Default.ViewsEntry);
                    break;
                case CatalogueKinds.Views when entry.Body is { } body:
                    var applied = Read(entry, body, CatalogueJson.Default.ViewsEntry);
                    views[name] = new WorkspaceViews(applied, entry.Version, Compile(applied));
                    break;
                case CatalogueKinds.Views:
                    views.Remove(name);
                    break;
                case CatalogueKinds.Generation:
                    generations.Remove(name);
                    break;
                default:
                    throw new GridError(
                        GridErrorCode.Unsupported,
                        $"catalogue entry '{entry.Key.Kind}:{name}'",
                        "is of a kind that this build does not know.",
                        "Upgrade this silo: a newer one wrote to the catalogue.").ToException();
            }
        }

        return new CatalogueSnapshot(
            changes.Revision,
            tenants.ToImmutable(),
            views.ToImmutable(),
            generations.ToImmutable(),
            models.ToImmutable(),
            versions.ToImmutable(),
            placed.ToImmutable(),
            replicas.ToImmutable());
    }

    /// <summary>The compiled plan of stored views.</summary>
    public static FeaturePlan Compile(ViewsEntry entry) => FeaturePlan.Compile(ViewYaml.Parse(entry.Yaml, "catalogue"));

    /// <summary>Read once, where the catalogue is: a manifest is a text, and every request that finds no replica asks for this.</summary>
    private static void SetPlaced(
        ImmutableDictionary<VersionKey, ManifestReplicas>.Builder placed,
        VersionKey key,
        ImmutableDictionary<VersionKey, Versioned<VersionEntry>>.Builder versions)
    {
        placed.Remove(key);
        if (versions.TryGetValue(key, out var version) && ReplicaTerms.Of(version.Entry) is { } terms)
        {
            placed[key] = terms;
        }
    }

    private static void Set<TKey, TEntry>(
        ImmutableDictionary<TKey, Versioned<TEntry>>.Builder entries,
        TKey key,
        CatalogueEntry entry,
        JsonTypeInfo<TEntry> json)
        where TKey : notnull
        where TEntry : class
    {
        if (entry.Body is { } body)
        {
            entries[key] = new Versioned<TEntry>(Read(entry, body, json), entry.Version);
        }
        else
        {
            entries.Remove(key);
        }
    }

    private static T Read<T>(CatalogueEntry entry, ReadOnlyMemory<byte> body, JsonTypeInfo<T> json)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new GridException(
                new GridError(
                    GridErrorCode.Corrupt,
                    $"catalogue entry '{entry.Key.Kind}:{entry.Key.Name}'",
                    $"cannot be read: {e.Message}",
                    "A newer build may have written it: upgrade this silo, or restore the store from a backup."),
                e);
        }
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Catalogue is at revision {Revision} ({Entries} entries changed)")]
    private partial void LogRevision(long revision, int entries);
}
