namespace Grid.Grains.Predictions;

/// <summary>What a silo took out of its log. Immutable.</summary>
/// <param name="Predictions">Predictions removed from the log.</param>
/// <param name="Outcomes">Outcomes of these predictions removed from the store.</param>
[GenerateSerializer, Immutable, Alias("grid.erased-rows")]
internal sealed record ErasedRows([property: Id(0)] long Predictions, [property: Id(1)] long Outcomes);
