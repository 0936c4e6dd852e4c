using CsCheck;
using Grid.Streams.Kafka.Tests.Decoding;
using Orleans.Runtime;
using Orleans.Streams;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>The cache against an obvious model, for any order of reading, handing over, delivering and acknowledging.</summary>
public sealed class CacheLawTests
{
    private const int Streams = 4;

    [Fact]
    public void Mark_NeverPassesWhatIsNotDeliveredAndReachesTheEnd() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 1000]).List[1, 120].Sample(Run, iter: 2000);

    private static void Run(List<(int Kind, int Choice)> steps)
    {
        var cache = new KafkaQueueCache(new KafkaStreamOptions(), 0, TimeSpan.FromMinutes(1));
        var groups = new DeliveryGroups("t", 0, maxRecords: 3);
        var handed = new Queue<KafkaBatchContainer>();
        var cursors = new Dictionary<byte, KafkaQueueCursor>();
        var current = new Dictionary<byte, long[]>();
        var seen = new Dictionary<byte, List<long>>();
        var open = new SortedSet<long>();
        var wanted = new Dictionary<byte, List<long>>();
        long next = 0;
        long mark = -1;

        foreach (var (kind, choice) in steps)
        {
            switch (kind)
            {
                case < 30:
                    Read(choice);
                    break;
                case < 55:
                    Hand();
                    break;
                case < 90:
                    Move((byte)(1 + (choice % Streams)));
                    break;
                default:
                    cache.TryPurgeFromCache(out _);
                    break;
            }

            Check();
        }

        while (handed.Count > 0)
        {
            Hand();
        }

        for (byte s = 1; s <= Streams; s++)
        {
            while (Move(s))
            {
                Check();
            }
        }

        cache.TryPurgeFromCache(out _);
        Assert.Empty(open);
        Assert.Equal((next == 0 ? -1 : next, 0), (cache.Mark, cache.Bytes));
        foreach (var (stream, offsets) in wanted)
        {
            Assert.Equal(offsets, seen[stream]);
        }

        void Read(int choice)
        {
            var random = new Random(choice);
            var first = next;
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                next += random.Next(4) == 0 ? 2 : 1; // Offsets have gaps.
                var stream = (byte)random.Next(1, Streams + 1);
                groups.Add(Decoded.Record([1], [stream], next - 1), new KafkaStreamRecord(new[] { stream }, [next - 1], null));
                open.Add(next - 1);
                wanted.TryAdd(stream, []);
                wanted[stream].Add(next - 1);
            }

            var deliveries = groups.Take();
            cache.Announce(deliveries, first, next);
            foreach (var delivery in deliveries)
            {
                handed.Enqueue(delivery.Container);
            }
        }

        void Hand()
        {
            if (!handed.TryDequeue(out var container))
            {
                return;
            }

            cache.AddToCache([container]);
            var stream = container.StreamId.Key.Span[0];
            if (!cursors.ContainsKey(stream))
            {
                cursors[stream] = (KafkaQueueCursor)cache.GetCacheCursor(container.StreamId, container.SequenceToken);
                seen[stream] = [];
            }
        }

        bool Move(byte stream)
        {
            if (!cursors.TryGetValue(stream, out var cursor))
            {
                return false;
            }

            if (current.Remove(stream, out var done))
            {
                open.ExceptWith(done);
            }

            if (!cursor.MoveNext())
            {
                return false;
            }

            var container = (KafkaBatchContainer)cursor.GetCurrent(out _)!;
            current[stream] = container.Offsets;
            seen[stream].AddRange(container.GetEvents<long>().Select(e => e.Item1));
            return true;
        }

        void Check()
        {
            Assert.True(cache.Mark >= mark, $"The mark fell from {mark} to {cache.Mark}.");
            mark = cache.Mark;
            Assert.True(mark <= (open.Count > 0 ? open.Min : next), $"The mark is {mark}, and {(open.Count > 0 ? open.Min : next)} is not delivered.");
        }
    }
}
