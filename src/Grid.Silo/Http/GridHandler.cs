using Grid.Client;

namespace Grid.Silo.Http;

/// <summary>Answers one request with the client of its workspace. Throws <see cref="Primitives.GridException"/> for what the caller did wrong.</summary>
internal delegate ValueTask GridHandler(HttpContext context, IGridClient client);
