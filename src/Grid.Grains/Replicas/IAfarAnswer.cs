using Grid.Primitives;

namespace Grid.Grains.Replicas;

/// <summary>What another silo answers.</summary>
internal interface IAfarAnswer
{
    /// <summary>Why there is no answer, or null.</summary>
    GridError? Error { get; }
}
