using Grid.Client;

namespace Grid.Silo.Http.Reading;

/// <summary>A request to predict for many entities as read from its JSON.</summary>
internal readonly record struct PredictManyCommand(List<PredictItem> Items, DateTimeOffset? AsOf, PredictOptions Options);
