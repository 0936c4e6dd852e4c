using StackExchange.Redis;

namespace Grid.Bench.Ingestion;

/// <summary>
/// Count, sum and last amount of each card as a Redis hash: three commands an event, pipelined between two flushes. Neither durable nor
/// safe against an event that comes twice, which makes it cheaper than what it is compared with.
/// </summary>
/// <param name="redis">The database.</param>
/// <param name="isChecked">Whether each command's answer is looked at, as a consumer must before it commits its offset; otherwise they are ignored.</param>
internal sealed class RedisSink(IDatabase redis, bool isChecked) : IPaymentSink
{
    private static readonly RedisValue Count = "n";
    private static readonly RedisValue Sum = "sum";
    private static readonly RedisValue Last = "last";

    private readonly List<Task> _answers = [];

    public void Add(string tenant, string card, double amount)
    {
        RedisKey key = $"{tenant}:{card}";
        if (isChecked)
        {
            _answers.Add(redis.HashIncrementAsync(key, Count, 1));
            _answers.Add(redis.HashIncrementAsync(key, Sum, amount));
            _answers.Add(redis.HashSetAsync(key, Last, amount));
        }
        else
        {
            redis.HashIncrement(key, Count, 1, CommandFlags.FireAndForget);
            redis.HashIncrement(key, Sum, amount, CommandFlags.FireAndForget);
            redis.HashSet(key, Last, amount, flags: CommandFlags.FireAndForget);
        }
    }

    public async Task FlushAsync()
    {
        await redis.PingAsync();
        await Task.WhenAll(_answers);
        _answers.Clear();
    }
}
