using Grid.Features.Definitions;
using Grid.Primitives;

namespace Grid.Features.Plans;

/// <summary>One compiled view: the layout of its records and its features. Immutable, thread-safe.</summary>
public sealed class ViewPlan
{
    internal const int RecordHeaderSize = 16;

    internal ViewPlan(FeatureViewDefinition definition, int ordinal)
    {
        Definition = definition;
        Ordinal = ordinal;
        Digest = definition.Digest;
        LatenessMs = (long)definition.ResolvedLateness.TotalMilliseconds;
        TimeToLiveMs = definition.TimeToLive is { } live ? (long)live.TotalMilliseconds : long.MaxValue;
    }

    public FeatureViewDefinition Definition { get; }

    public string Name => Definition.Name;

    /// <summary>Digest of the view's meaning.</summary>
    public Digest Digest { get; }

    /// <summary>One record for the whole tenant, with the empty key.</summary>
    public bool IsTenant => Definition.Scope == ViewScope.Tenant;

    internal int Ordinal { get; }

    internal long LatenessMs { get; }

    internal long TimeToLiveMs { get; }

    internal bool ChecksArrival => Definition.Clock == ViewClock.Arrival;

    internal ViewEventPlan[] Events { get; set; } = [];

    internal FeaturePlanEntry[] Features { get; set; } = [];

    /// <summary>Where the key begins: the size of a record without it.</summary>
    internal int KeyOffset { get; set; }

    internal FeaturePlanEntry? Find(string feature)
    {
        foreach (var entry in Features)
        {
            if (entry.Definition.Name == feature)
            {
                return entry;
            }
        }

        return null;
    }
}
