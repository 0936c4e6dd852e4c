namespace Grid.Client.Wire;

/// <summary>Answer to an <see cref="InferBody"/>.</summary>
public sealed record InferAnswerBody
{
    public required string ModelName { get; init; }

    public string? ModelVersion { get; init; }

    public string? Id { get; init; }

    /// <summary><c>digest</c>: content digest of the version. <c>prediction_id</c>: id of the first row in the log, where it is logged.</summary>
    public Dictionary<string, System.Text.Json.JsonElement>? Parameters { get; init; }

    public required IReadOnlyList<TensorBody> Outputs { get; init; }
}
