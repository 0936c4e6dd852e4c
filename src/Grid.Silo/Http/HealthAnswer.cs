using Grid.Silo.Health;

namespace Grid.Silo.Http;

/// <summary>What a probe is told.</summary>
/// <param name="Question"><c>live</c> or <c>ready</c>.</param>
/// <param name="IsYes">The answer.</param>
/// <param name="Conditions">What it follows from.</param>
internal sealed record HealthAnswer(string Question, bool IsYes, IReadOnlyList<HealthCondition> Conditions);
