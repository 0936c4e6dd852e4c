using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Grid.Abstractions;
using Grid.Grains.Hosting;
using Grid.Grains.Rollouts;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Grid.Inference.Signatures;
using Grid.Inference.Tensors;
using Grid.Primitives;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Monitoring;

/// <summary>Where the prediction path leaves what the monitors want to know. Thread-safe; never waits, and never fails a prediction.</summary>
internal sealed class MonitorFeeds(ModelHost host, IOptions<GridGrainsOptions> options, TimeProvider time)
{
    /// <summary>Versions that are watched in one silo; further ones are not. A ring is up to 1 MiB.</summary>
    private const int MaxVersions = 1024;

    private readonly MonitoringOptions _options = options.Value.Monitoring;
    private readonly ConcurrentDictionary<VersionKey, VersionFeed> _feeds = new();

    // By reference: one lookup finds the feed of a version bound to the views in force, and forgets it with them.
    private readonly ConditionalWeakTable<BoundVector, VersionFeed> _byVector = [];

    /// <summary>By the inputs that the loaded version says it has; gone when it is unloaded.</summary>
    private readonly ConditionalWeakTable<ModelSignature, VersionFeed> _byTensors = [];

    /// <summary>Whether predictions are watched at all.</summary>
    public bool IsEnabled => _options.Enabled;

    public ICollection<VersionFeed> All => _feeds.Values;

    /// <summary>A version has answered.</summary>
    public void Offer(in ChosenVersion chosen, string tenant, BoundVector vector, VectorRow row, Prediction answer) =>
        Find(chosen.Key, vector)?.Offer(tenant, vector, row, answer);

    /// <summary>A version has answered a request by tensors that is one of rows.</summary>
    /// <param name="replica">The version.</param>
    /// <param name="vector">What it asks for of an entity; null where nobody can ask it for one.</param>
    /// <param name="rows">What it was asked, and what it answered.</param>
    public void OfferTensors(in Replica replica, BoundVector? vector, TensorRows rows) =>
        (vector is null ? FindTensors(replica) : Find(replica.Key, vector))?.OfferTensors(rows);

    /// <summary>A version that answers nobody has run on the features of a prediction.</summary>
    public void OfferShadow(VersionKey shadow, string tenant, BoundVector vector, VectorRow row, ReadOnlySpan<float> outputs, long asOfMs) =>
        Find(shadow, vector)?.OfferRow(tenant, vector, row, outputs, asOfMs);

    /// <summary>A version on trial and the live one have both run on the same features.</summary>
    public void Compare(VersionKey challenger, in TrialPair pair)
    {
        if (_options.Enabled)
        {
            Add(challenger)?.Compare(pair);
        }
    }

    /// <summary>A version was asked, whatever came of it.</summary>
    public void Count(in ChosenVersion chosen, TimeSpan elapsed, GridError? error)
    {
        if (_options.Enabled && (_feeds.TryGetValue(chosen.Key, out var feed) || (feed = Add(chosen.Key)) is not null))
        {
            feed.Count(elapsed.TotalMilliseconds, error?.Code);
        }
    }

    /// <summary>Ends a feed that nobody fills any longer.</summary>
    public void Retire(VersionFeed feed)
    {
        feed.IsRetired = true;
        _feeds.TryRemove(new KeyValuePair<VersionKey, VersionFeed>(feed.Key, feed));
    }

    private VersionFeed? Find(VersionKey key, BoundVector vector) =>
        !_options.Enabled ? null
        : _byVector.TryGetValue(vector, out var feed) && !feed.IsRetired ? feed
        : Bind(key, vector);

    private VersionFeed? FindTensors(in Replica replica)
    {
        if (!_byTensors.TryGetValue(replica.Signature, out var feed) || feed.IsRetired)
        {
            if (Add(replica.Key) is not { } added)
            {
                return null;
            }

            feed = added;
            feed.Bind(new MonitorColumns(TensorRows.ColumnsOf(replica), VersionFeed.NamesOf(replica.OutputNames, TensorRows.WidthsOf(replica)), IsEventClock: false));
            _byTensors.AddOrUpdate(replica.Signature, feed);
        }

        return feed;
    }

    private VersionFeed? Bind(VersionKey key, BoundVector vector)
    {
        if (Add(key) is not { } feed)
        {
            return null;
        }

        feed.Bind(vector);
        _byVector.AddOrUpdate(vector, feed);
        return feed;
    }

    private VersionFeed? Add(VersionKey key)
    {
        if (_feeds.TryGetValue(key, out var feed))
        {
            return feed;
        }

        return _feeds.Count >= MaxVersions ? null : _feeds.GetOrAdd(key, new VersionFeed(key, SlowMsOf(key), _options, time));
    }

    private double SlowMsOf(VersionKey key)
    {
        if (!host.TryAcquire(key, out var replica))
        {
            return 0;
        }

        using (replica)
        {
            return replica.Manifest?.Guards?.P99Ms ?? 0;
        }
    }
}
