namespace Grid.Features.Plans;

/// <summary>One operation: how a feature's value is made and where it goes.</summary>
/// <param name="First">With a window, an index into the scratch; without, an offset in the record; derived, an earlier operation.</param>
/// <param name="Second">As the first.</param>
/// <param name="Flag">Index of the window's flag; -1 without a window.</param>
/// <param name="Value">Index into the scratch where the value goes.</param>
internal readonly record struct FeatureRead(FeaturePlanEntry Feature, int First, int Second, int Flag, int Value);
