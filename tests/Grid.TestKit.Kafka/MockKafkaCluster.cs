using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Grid.TestKit.Kafka;

/// <summary>
/// Brokers in this process that any Kafka client can reach, with faults on demand. Data lives in memory: 5 MiB or 100,000 batches for each partition, older ones are dropped silently.
/// Not to be trusted for transactions, time look-ups and admin calls, which they lack. Thread-safe.
/// </summary>
public sealed unsafe class MockKafkaCluster : IDisposable
{
    private const int Producer = 0;

    private readonly nint _client;
    private readonly nint _cluster;
    private bool _isDisposed;

    public MockKafkaCluster(int brokers = 3, params ReadOnlySpan<(string Topic, int Partitions)> topics)
    {
        var conf = MockLibrary.ConfNew();
        Set(conf, "log_level", "0"); // What the mock's own client says about brokers that a test takes down is noise.
        _client = MockLibrary.New(Producer, conf, null, 0);
        if (_client == 0)
        {
            throw new InvalidOperationException("librdkafka made no client for the mock cluster.");
        }

        _cluster = MockLibrary.ClusterNew(_client, brokers);
        Brokers = brokers;
        BootstrapServers = Marshal.PtrToStringUTF8(MockLibrary.Bootstraps(_cluster))!;
        foreach (var (topic, partitions) in topics)
        {
            CreateTopic(topic, partitions);
        }
    }

    public int Brokers { get; }

    /// <summary>On free ports of the loopback interface, chosen by the system.</summary>
    public string BootstrapServers { get; }

    public void CreateTopic(string topic, int partitions) => Check(Named(topic, t => MockLibrary.TopicCreate(_cluster, t, partitions, Math.Min(3, Brokers))), "create topic");

    /// <summary>The next requests of that kind, from whichever client, are answered so, one error each.</summary>
    public void FailNext(KafkaApi api, params ReadOnlySpan<ErrorCode> errors)
    {
        Span<int> codes = stackalloc int[errors.Length];
        for (var i = 0; i < errors.Length; i++)
        {
            codes[i] = (int)errors[i];
        }

        fixed (int* p = codes)
        {
            MockLibrary.PushErrors(_cluster, (short)api, (nuint)codes.Length, p);
        }
    }

    /// <summary>Drops the errors that no request has met yet.</summary>
    public void ClearErrors(KafkaApi api) => MockLibrary.ClearErrors(_cluster, (short)api);

    /// <param name="broker">From 1; -1 for all.</param>
    public void Down(int broker = -1) => Check(MockLibrary.SetDown(_cluster, broker), "set down");

    /// <param name="broker">From 1; -1 for all.</param>
    public void Up(int broker = -1) => Check(MockLibrary.SetUp(_cluster, broker), "set up");

    public void SetRoundTrip(int ms, int broker = -1) => Check(MockLibrary.SetRtt(_cluster, broker, ms), "set round trip");

    /// <summary>Moves a partition to another broker.</summary>
    public void SetLeader(string topic, int partition, int broker) => Check(Named(topic, t => MockLibrary.SetLeader(_cluster, t, partition, broker)), "set leader");

    /// <summary>Deletes all records below an offset.</summary>
    public void DeleteRecords(string topic, int partition, long before) => Check(Named(topic, t => MockLibrary.DeleteRecords(_cluster, t, partition, before)), "delete records");

    /// <summary>Begins to count requests.</summary>
    public void StartTracking() => MockLibrary.StartTracking(_cluster);

    /// <summary>Requests of that kind since tracking began.</summary>
    public int Requests(KafkaApi api)
    {
        nuint count;
        var requests = MockLibrary.GetRequests(_cluster, &count);
        var found = 0;
        for (nuint i = 0; i < count; i++)
        {
            found += MockLibrary.RequestApiKey(requests[i]) == (short)api ? 1 : 0;
        }

        MockLibrary.DestroyRequests(requests, count);
        return found;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        MockLibrary.ClusterDestroy(_cluster);
        MockLibrary.Destroy(_client);
    }

    private delegate int TopicCall(byte* topic);

    private static int Named(string topic, TopicCall call)
    {
        fixed (byte* p = Encoding.UTF8.GetBytes(topic + '\0'))
        {
            return call(p);
        }
    }

    private static void Set(nint conf, string name, string value)
    {
        fixed (byte* n = Encoding.UTF8.GetBytes(name + '\0'), v = Encoding.UTF8.GetBytes(value + '\0'))
        {
            _ = MockLibrary.ConfSet(conf, n, v, null, 0);
        }
    }

    private static void Check(int result, string what)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"The mock cluster could not {what}: {(ErrorCode)result}.");
        }
    }
}
