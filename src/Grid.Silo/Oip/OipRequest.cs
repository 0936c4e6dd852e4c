using Grid.Primitives;

namespace Grid.Silo.Oip;

/// <summary>An inference request as read from its JSON.</summary>
/// <param name="Id">To be echoed.</param>
/// <param name="Inputs">In the order of the request; names differ.</param>
/// <param name="Outputs">Names asked for; null for all.</param>
/// <param name="Deadline">From the parameter <c>timeout</c>.</param>
internal sealed record OipRequest(string? Id, List<Tensor> Inputs, List<string>? Outputs, TimeSpan? Deadline);
