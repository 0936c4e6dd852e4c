namespace Grid.Client.Wire;

/// <summary>A failure as the Open Inference Protocol writes it.</summary>
public sealed record InferErrorBody
{
    public required string Error { get; init; }
}
