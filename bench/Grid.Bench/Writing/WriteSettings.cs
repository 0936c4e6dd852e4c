namespace Grid.Bench.Writing;

/// <summary>How large the benchmark of durable writes is.</summary>
/// <param name="Writers">Shards, or grains, that each write one after the other.</param>
/// <param name="Bytes">Bytes of each write; each is a setting of its own.</param>
/// <param name="WarmUps">Rounds that are not counted.</param>
/// <param name="Rounds">Rounds that are.</param>
/// <param name="Round">How long each contender writes in a round.</param>
internal sealed record WriteSettings(int Writers, IReadOnlyList<int> Bytes, int WarmUps, int Rounds, TimeSpan Round)
{
    public static WriteSettings Full { get; } = new(512, [200, 2_000], 2, 7, TimeSpan.FromSeconds(3));

    public static WriteSettings Smoke { get; } = new(8, [200], 0, 1, TimeSpan.FromMilliseconds(200));
}
