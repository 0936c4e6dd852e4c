using Grid.Abstractions;

namespace Grid.Client;

/// <summary>One entity of <see cref="IGridClient.PredictManyAsync"/>.</summary>
public readonly record struct PredictItem(string Entity, RequestValues? Values = null);
