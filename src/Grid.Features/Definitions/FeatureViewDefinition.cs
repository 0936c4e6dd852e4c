using Grid.Primitives;

namespace Grid.Features.Definitions;

/// <summary>A declaration of features over the events of one kind of entity. Immutable; checked by <see cref="ViewValidator"/>, compiled by <c>FeaturePlan</c>.</summary>
/// <remarks>Two definitions are equal when their description and their meaning (<see cref="Digest"/>) are.</remarks>
public sealed record FeatureViewDefinition
{
    /// <summary>Entries that one entity keeps of one event type before the oldest degrade to tiles.</summary>
    public const int DefaultBound = 4096;

    /// <summary>How late an event may be where a view has no window and says nothing.</summary>
    public static readonly TimeSpan DefaultLateness = TimeSpan.FromDays(7);

    /// <summary>Name of the view: a letter or '_', then letters, digits, '_' or '-', at most 64.</summary>
    public required string Name { get; init; }

    /// <summary>For people; no part of the digest.</summary>
    public string? Description { get; init; }

    public ViewScope Scope { get; init; } = ViewScope.Entity;

    /// <summary>Text field with the entity's key; null where the scope is the tenant.</summary>
    public string? Entity { get; init; }

    /// <summary>Text field that decides the shard; null is the entity field. Views read together name the same one.</summary>
    public string? PartitionKey { get; init; }

    public ViewClock Clock { get; init; } = ViewClock.Arrival;

    /// <summary>How far behind an event may be; null is the longest window, or 7 d where there is none.</summary>
    public TimeSpan? Lateness { get; init; }

    /// <summary>An entity without an event for so long has nothing but defaults; null keeps it for ever.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The event types the view takes, and the kind of each field of theirs.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, FieldKind>> EventSchemas { get; init; }

    public WindowForm Windows { get; init; } = WindowForm.Exact;

    /// <summary>Entries that one entity keeps of one event type, 16 to 1,048,576.</summary>
    public int Bound { get; init; } = DefaultBound;

    public required IReadOnlyList<FeatureDefinition> Features { get; init; }

    /// <summary>Digest of all that gives the view its meaning: order, formatting and description do not matter. Computed on each call.</summary>
    public Digest Digest => Digest.Of(CanonicalForm.Of(this));

    internal TimeSpan LongestWindow
    {
        get
        {
            var longest = TimeSpan.Zero;
            foreach (var feature in Features)
            {
                if (feature.Window is { } window && window > longest)
                {
                    longest = window;
                }
            }

            return longest;
        }
    }

    internal TimeSpan ResolvedLateness
    {
        get
        {
            var longest = LongestWindow;
            var lateness = Lateness ?? (longest > TimeSpan.Zero ? longest : DefaultLateness);

            // What has expired is of no use to anybody, so it is late.
            return TimeToLive is { } live && live < lateness ? live : lateness;
        }
    }

    public bool Equals(FeatureViewDefinition? other) =>
        other is not null && Description == other.Description && Digest == other.Digest;

    public override int GetHashCode() => Digest.GetHashCode();
}
