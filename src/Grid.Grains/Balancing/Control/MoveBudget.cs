namespace Grid.Grains.Balancing.Control;

/// <summary>How many moves are left in this minute. Not thread-safe.</summary>
internal sealed class MoveBudget(int perMinute)
{
    private const long MinuteMs = 60_000;

    private readonly Queue<long> _spent = new();

    /// <summary>Moves that may begin now.</summary>
    public int Left(long nowMs)
    {
        while (_spent.TryPeek(out var at) && nowMs - at >= MinuteMs)
        {
            _spent.Dequeue();
        }

        return perMinute - _spent.Count;
    }

    public void Spend(long nowMs) => _spent.Enqueue(nowMs);
}
