namespace Grid.Features.Definitions;

/// <summary>Values of the field below <paramref name="Low"/> or above <paramref name="High"/> count as that bound. Both finite, low at most high.</summary>
public readonly record struct ClampRange(double Low, double High);
