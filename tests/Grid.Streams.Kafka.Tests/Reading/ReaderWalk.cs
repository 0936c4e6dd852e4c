using System.Globalization;
using System.Text;

namespace Grid.Streams.Kafka.Tests.Reading;

/// <summary>Reads numbers with a reader and keeps what it saw.</summary>
internal static class ReaderWalk
{
    public static async Task<List<int>> NumbersAsync(this KafkaPartitionReader reader, int count)
    {
        using var deadline = KafkaFixture.Deadline();
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            var batch = await reader.ReadAsync(deadline.Token);
            Assert.Null(batch.Condition);
            foreach (var record in batch.Records.Span)
            {
                numbers.Add(int.Parse(Encoding.UTF8.GetString(record.Value.Span).Split(' ')[0], CultureInfo.InvariantCulture));
            }
        }

        return numbers;
    }

    public static async Task<List<KafkaRecord>> RecordsAsync(this KafkaPartitionReader reader, int count)
    {
        using var deadline = KafkaFixture.Deadline();
        var records = new List<KafkaRecord>();
        while (records.Count < count)
        {
            var batch = await reader.ReadAsync(deadline.Token);
            Assert.Null(batch.Condition);
            records.AddRange(batch.Records.Span);
        }

        return records;
    }

    public static async Task<KafkaPartitionCondition> ConditionAsync(this KafkaPartitionReader reader)
    {
        using var deadline = KafkaFixture.Deadline();
        while (true)
        {
            var batch = await reader.ReadAsync(deadline.Token);
            if (batch.Condition is { } condition)
            {
                return condition;
            }
        }
    }

    /// <summary>Waits until the reader's own account of itself fulfils a condition.</summary>
    public static async Task<KafkaReaderStatus> UntilAsync(this KafkaPartitionReader reader, Func<KafkaReaderStatus, bool> holds)
    {
        var found = new TaskCompletionSource<KafkaReaderStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (reader.Status is var status && holds(status))
            {
                found.TrySetResult(status);
            }
        }

        reader.Changed += Look;
        try
        {
            Look();
            return await found.Task.WaitAsync(KafkaFixture.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The reader never got there; it is {reader.Status}.");
        }
        finally
        {
            reader.Changed -= Look;
        }
    }
}
