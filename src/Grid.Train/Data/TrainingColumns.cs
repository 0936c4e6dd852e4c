namespace Grid.Train.Data;

/// <summary>Which columns of a file mean what. Immutable.</summary>
internal sealed record TrainingColumns
{
    /// <summary>Name of the column with the truth. Default <c>label</c>, or what the file itself says.</summary>
    public string? Label { get; init; }

    /// <summary>Name of the column with weights; null: all rows weigh the same.</summary>
    public string? Weight { get; init; }

    /// <summary>Name of the column with times; null: <c>time</c> where there is one, otherwise the order of the rows.</summary>
    public string? Time { get; init; }

    /// <summary>The features in the order of the model's input; empty: what the file itself says, otherwise every other column.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Columns that are no features.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
}
