namespace Grid.Silo.Health;

/// <summary>One condition of health.</summary>
/// <param name="Name">Short and stable: <c>silo</c>, <c>catalogue</c>, <c>models</c>, <c>store</c>, <c>versions</c>; <c>membership</c>, <c>workers</c>.</param>
/// <param name="Holds">True where it holds.</param>
/// <param name="IsRequired">True where the silo should get no traffic while it does not hold; false where it serves with something missing.</param>
/// <param name="Detail">What is so, with numbers.</param>
internal sealed record HealthCondition(string Name, bool Holds, bool IsRequired, string Detail);
