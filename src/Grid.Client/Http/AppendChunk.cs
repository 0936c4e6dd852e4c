namespace Grid.Client.Http;

/// <summary>A part of an append: the JSON of one request.</summary>
internal sealed record AppendChunk(ReadOnlyMemory<byte> Json, int Count);
