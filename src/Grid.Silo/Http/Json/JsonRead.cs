namespace Grid.Silo.Http.Json;

/// <summary>Reads one request from its JSON.</summary>
internal delegate T JsonRead<out T>(ref JsonCursor cursor) where T : allows ref struct;
