using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Whether a model should be trained again; see <see cref="RetrainVerdict"/>.</summary>
public sealed record RetrainBody
{
    public bool Start { get; init; }

    public string? Reason { get; init; }

    public required string Explanation { get; init; }

    public WireTime? NotBefore { get; init; }

    public string? SignalId { get; init; }
}
