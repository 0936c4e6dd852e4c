using System.Collections.Concurrent;
using Grid.Grains.Catalogue;
using Grid.Primitives;

namespace Grid.Grains.Rollouts;

/// <summary>
/// What this silo counts of the models that are on trial: anew from each change of traffic on, so that figures belong to the shares they were measured under.
/// Thread-safe. Models that are not on trial cost nothing and are forgotten.
/// </summary>
internal sealed class RolloutCounters
{
    private readonly ConcurrentDictionary<ModelKey, ModelCounters> _models = new();

    /// <summary>Every model that has been counted since it went on trial.</summary>
    public IEnumerable<KeyValuePair<ModelKey, ModelCounters>> All => _models;

    /// <summary>The counters of a model on trial; null where it is not, or where the request pinned a rollout that has been changed since.</summary>
    public ModelCounters? Of(ModelKey model, ModelEntry entry)
    {
        if (!entry.IsOnTrial())
        {
            return null;
        }

        while (true)
        {
            if (_models.TryGetValue(model, out var counters))
            {
                if (counters.Number == entry.Number)
                {
                    return counters;
                }

                if (counters.Number > entry.Number)
                {
                    return null;
                }

                var next = new ModelCounters(entry.Number);
                if (_models.TryUpdate(model, next, counters))
                {
                    return next;
                }
            }
            else if (_models.TryAdd(model, new ModelCounters(entry.Number)))
            {
                continue;
            }
        }
    }

    /// <summary>Forgets models that are no longer on trial, and begins anew for those whose traffic changed.</summary>
    public void Follow(CatalogueSnapshot snapshot)
    {
        foreach (var model in _models.Keys)
        {
            if (!snapshot.Models.TryGetValue(model, out var entry) || !entry.Entry.IsOnTrial())
            {
                _models.TryRemove(model, out _);
            }
        }

        foreach (var (model, entry) in snapshot.Models)
        {
            Of(model, entry.Entry);
        }
    }
}
