namespace Grid.Bench.Healing;

/// <summary>A call of the load that has ended.</summary>
/// <param name="Tenant">Number of the tenant.</param>
/// <param name="DueAt">Time stamp at which it was made.</param>
/// <param name="Ms">How long its caller waited.</param>
/// <param name="Error">Why it failed, or null.</param>
internal readonly record struct CallSample(int Tenant, long DueAt, double Ms, string? Error);
