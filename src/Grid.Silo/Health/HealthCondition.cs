namespace Grid.Silo.Health;

/// <summary>One condition of readiness.</summary>
/// <param name="Name">Short and stable: <c>silo</c>, <c>store</c>, <c>catalogue</c>, <c>models</c>.</param>
/// <param name="Holds">True where it holds.</param>
/// <param name="Detail">What is so, with numbers.</param>
internal sealed record HealthCondition(string Name, bool Holds, string Detail);
