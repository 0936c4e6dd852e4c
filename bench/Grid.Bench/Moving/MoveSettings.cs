namespace Grid.Bench.Moving;

/// <summary>How large the benchmark of moves is.</summary>
/// <param name="MegaBytes">Sizes of the shard's state, in MiB.</param>
/// <param name="Moves">Measured moves of each size.</param>
/// <param name="WarmUp">Moves before them.</param>
internal sealed record MoveSettings(IReadOnlyList<int> MegaBytes, int Moves, int WarmUp)
{
    public static MoveSettings Full { get; } = new([1, 10, 100], 100, 20);

    public static MoveSettings Smoke { get; } = new([1], 2, 0);
}
