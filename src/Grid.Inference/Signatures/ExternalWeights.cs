namespace Grid.Inference.Signatures;

/// <summary>Where the file says that a tensor's bytes are. Texts as they stand there, not yet judged.</summary>
internal sealed record ExternalWeights(string Tensor, string Location, string? Offset, string? Length);
