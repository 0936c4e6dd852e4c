using Grid.Abstractions;
using Grid.Client;

namespace Grid.Silo.Http.Reading;

/// <summary>A prediction request as read from its JSON.</summary>
internal readonly record struct PredictCommand(string Entity, RequestValues? Values, DateTimeOffset? AsOf, PredictOptions Options);
