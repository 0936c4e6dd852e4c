using Grid.Client;

namespace Grid.Silo.Oip;

/// <summary>Answers one protocol request. Throws <see cref="Primitives.GridException"/> for what the caller did wrong.</summary>
internal delegate ValueTask OipHandler(HttpContext context, IGridClient client);
