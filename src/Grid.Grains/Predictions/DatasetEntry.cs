using System.Text.Json.Serialization;

namespace Grid.Grains.Predictions;

/// <summary>What is known of a training set, also once it is erased. Stored; never mutated.</summary>
internal sealed record DatasetEntry
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>The model that it is of.</summary>
    public required string Model { get; init; }

    /// <summary>When it was made, or found, Unix milliseconds.</summary>
    public required long MadeMs { get; init; }

    /// <summary>Tenants that have rows in it; null where only the file knows.</summary>
    public string[]? Tenants { get; init; }

    /// <summary>When it was erased; null while it stands.</summary>
    public long? ErasedMs { get; init; }

    /// <summary>Why it was erased, the end of a sentence. Names no entity: that would keep what was to go.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether every silo has removed its copy. Where not, the next erasure sees to it.</summary>
    public bool IsRemoved { get; init; }

    [JsonIgnore]
    public bool IsErased => ErasedMs is not null;
}
