using Grid.Abstractions;

namespace Grid.Grains.Rollouts;

/// <summary>When and why a step was taken, as the trail keeps it.</summary>
internal sealed record RolloutNote(long AtMs, bool IsAutomatic, string? Reason, RolloutFigure[] Figures);
