using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Bounds and habits of a <see cref="KafkaPartitionReader"/>.</summary>
public sealed class KafkaReaderOptions
{
    /// <summary>The consumer group whose committed offsets are the hint for other tools. It only names offsets: nobody joins it. Default <c>grid</c>.</summary>
    public string GroupId { get; set; } = "grid";

    /// <summary>Records in one batch at most. Default 1000; 1 to 100,000.</summary>
    public int MaxBatchRecords { get; set; } = 1000;

    /// <summary>Bytes of one batch at most; a single larger record still is a batch. Default 1 MiB; 1 KiB to 1 GiB.</summary>
    public int MaxBatchBytes { get; set; } = 1 << 20;

    /// <summary>How long records may wait for a fuller batch while none is due. Default 0: a batch holds what there is. At most 10 s.</summary>
    public TimeSpan MaxBatchWait { get; set; } = TimeSpan.Zero;

    /// <summary>Records read ahead of the caller at most. Default 10,000; at least <see cref="MaxBatchRecords"/>.</summary>
    public int MaxBufferedRecords { get; set; } = 10_000;

    /// <summary>Bytes read ahead of the caller at most, beyond which one record may reach. Default 4 MiB; at least <see cref="MaxBatchBytes"/>.</summary>
    public long MaxBufferedBytes { get; set; } = 4 << 20;

    /// <summary>What librdkafka itself may fetch ahead, in KiB. Default 1024 (its own default is 64 MiB for every partition); 64 to 1,048,576.</summary>
    public int FetchQueueKbytes { get; set; } = 1024;

    /// <summary>Whether records of aborted and of open transactions are left out. Default true.</summary>
    public bool ReadCommitted { get; set; } = true;

    /// <summary>Whether the hints given to <see cref="KafkaPartitionReader.CommitHint"/> are committed for the group. Default true.</summary>
    public bool CommitsHints { get; set; } = true;

    /// <summary>How often a new hint is committed. Default 1 s; 10 ms to 1 h.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>First wait after an attempt to reach the brokers failed; doubles up to <see cref="MaxBackoff"/>. Default 250 ms; 1 ms to 1 min.</summary>
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between attempts. Default 10 s; at least <see cref="MinBackoff"/>, at most 10 min.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one question to a broker may take. Default 3 s; 100 ms to 1 min.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long closing waits for the last commit; the thread ends later by itself. Default 5 s; 0 to 1 min.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>All that is wrong, with paths that begin at <paramref name="path"/>.</summary>
    public IReadOnlyList<GridError> Check(string path = "reader")
    {
        var check = new OptionsCheck(path);
        check.That(!string.IsNullOrWhiteSpace(GroupId), "groupId", "is empty.", "Name the group whose offsets other tools look at.");
        check.Range("maxBatchRecords", MaxBatchRecords, 1, 100_000);
        check.Range("maxBatchBytes", MaxBatchBytes, 1 << 10, 1 << 30);
        check.Range("maxBatchWait", MaxBatchWait, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        check.Range("maxBufferedRecords", MaxBufferedRecords, Math.Max(1, MaxBatchRecords), 10_000_000);
        check.Range("maxBufferedBytes", MaxBufferedBytes, Math.Max(1, MaxBatchBytes), 1L << 34);
        check.Range("fetchQueueKbytes", FetchQueueKbytes, 64, 1 << 20);
        check.Range("commitInterval", CommitInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        check.Range("minBackoff", MinBackoff, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        check.Range("maxBackoff", MaxBackoff, MinBackoff, TimeSpan.FromMinutes(10));
        check.Range("requestTimeout", RequestTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        check.Range("closeTimeout", CloseTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        return check.Errors;
    }
}
